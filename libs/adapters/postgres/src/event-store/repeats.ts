import { monthStart } from '@productgraph/domain-event';
import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '../pool.ts';
import { partitionsOf } from './expire.ts';
import { NOBODY } from './owners.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** An append may take so long after its events were received. */
const SLACK_MS = 10 * 60_000;
/** How long after an event the same id is looked for; also how far back the first check goes. */
const KEEP_DAYS = 7;

/**
 * Removes from the events received in [$1, $2) those whose id was stored before under another time, and keeps the first copy.
 * In the same step the ledger calls them duplicates instead of stored, and settlement is told to look at their users again when
 * nothing more is expected ($3 milliseconds after receipt). One index look-up per event and month from $4 to $5, whatever the
 * planner believes: 6 to 8 µs an event in all.
 */
const REMOVE = `
  WITH repeats AS MATERIALIZED (
    SELECT r.project_id, r.event_id, r."timestamp", r.user_key, before."timestamp" AS first_time, before.user_key AS first_user
    FROM events r CROSS JOIN LATERAL (
      SELECT e."timestamp", e.user_key FROM events e
      WHERE e.project_id = r.project_id AND e.event_id = r.event_id AND e."timestamp" <> r."timestamp"
        AND e."timestamp" >= to_timestamp($4::float8 / 1000) AND e."timestamp" < to_timestamp($5::float8 / 1000)
        AND e.received_at >= r.received_at - interval '${KEEP_DAYS} days'
        AND (e.received_at, e.log_offset, e."timestamp") < (r.received_at, r.log_offset, r."timestamp")
      ORDER BY e.received_at, e.log_offset, e."timestamp" LIMIT 1
    ) before
    WHERE r.received_at >= to_timestamp($1::float8 / 1000) AND r.received_at < to_timestamp($2::float8 / 1000)
      AND r."timestamp" >= to_timestamp($4::float8 / 1000) AND r."timestamp" < to_timestamp($5::float8 / 1000)
      AND r.org_id <> '${NOBODY}'
  ), gone AS (
    DELETE FROM events e USING repeats r
    WHERE e.project_id = r.project_id AND e.event_id = r.event_id AND e."timestamp" = r."timestamp"
      -- The same rows again: or a planner that expects many repeats would read all that is stored.
      AND e."timestamp" >= to_timestamp($4::float8 / 1000) AND e."timestamp" < to_timestamp($5::float8 / 1000)
      AND e.received_at >= to_timestamp($1::float8 / 1000) AND e.received_at < to_timestamp($2::float8 / 1000)
    RETURNING e.org_id, e.project_id, e.user_key, e.log_partition, e.received_at, e."timestamp",
      CASE WHEN r.first_user = e.user_key THEN r.first_time ELSE e."timestamp" END AS first_time
  ), counted AS (
    INSERT INTO ledger_minutes AS kept (org_id, project_id, minute, stored, duplicate)
    SELECT org_id, project_id, floor(extract(epoch FROM received_at) / 60)::integer, -count(*), count(*)
    FROM gone GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, project_id, minute) DO UPDATE SET
      stored = kept.stored + excluded.stored, duplicate = kept.duplicate + excluded.duplicate
  ), deferred AS (
    INSERT INTO settlement_deferred AS d (log_partition, project_id, user_key, from_time, to_time, due_at)
    SELECT log_partition, project_id, user_key,
      floor(extract(epoch FROM min(least("timestamp", first_time))) * 1000)::bigint,
      floor(extract(epoch FROM max(greatest("timestamp", first_time))) * 1000)::bigint + 1,
      floor(extract(epoch FROM max(received_at)) * 1000)::bigint + $3::bigint
    FROM gone GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (log_partition, project_id, user_key) DO UPDATE SET
      from_time = least(d.from_time, excluded.from_time), to_time = greatest(d.to_time, excluded.to_time),
      -- Another one in any case: a settlement that has read the user before this is not to take the row for its own.
      due_at = greatest(d.due_at + 1, excluded.due_at)
  )
  SELECT count(*)::integer AS removed FROM gone`;

/** The group whose heads say what is stored; another one may be ahead of it. */
const WRITER_GROUP = 'event-writer';

/** True when something that the log took before $1 may still have to be stored. */
const IS_BEHIND = `
  SELECT EXISTS (
    SELECT FROM log_head h LEFT JOIN writer_heads w
      ON (w.log_group, w.topic, w.generation, w.log_partition) = ('${WRITER_GROUP}', h.topic, h.generation, h.partition)
    WHERE h.topic = 'events' AND coalesce(w.next, 0) < h.next AND coalesce(w.runner_time, 0) < $1
  ) AS behind`;

const ADVANCE = `
  INSERT INTO repeats_check AS c (checked_through) VALUES ($1)
  ON CONFLICT (is_only) DO UPDATE SET checked_through = greatest(c.checked_through, excluded.checked_through)`;

export interface RepeatsOptions {
  readonly now: number;
  /** How long after its receipt an event's session is settled, milliseconds. */
  readonly latenessMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * From the first to the last month that holds anything received since then, Unix ms; null = there is none. Old months answer from
 * the summary of their pages (BRIN), which is why scans are forbidden.
 */
async function recentMonths(client: PoolClient, since: number): Promise<readonly [from: number, to: number] | null> {
  await client.query('SET LOCAL enable_seqscan = off');
  const recent: number[] = [];
  for (const { name, month } of await partitionsOf(client, 'events')) {
    const { rows } = await client.query<{ recent: boolean }>(
      `SELECT EXISTS (SELECT FROM ${name} WHERE received_at >= $1) AS recent`,
      [new Date(since)],
    );
    if (rows[0]?.recent === true) recent.push(month);
  }
  const [first, last] = [recent[0], recent.at(-1)];
  return first === undefined || last === undefined ? null : [monthStart(first), monthStart(last + 1)];
}

/** Takes one hour of receipt; null = it is not over, or not all of it is stored. */
async function checkHour(client: PoolClient, from: number, latenessMs: number): Promise<number | null> {
  const to = from + HOUR_MS;
  const { rows: lag } = await client.query<{ behind: boolean }>(IS_BEHIND, [to + SLACK_MS]);
  if (lag[0]?.behind !== false) return null;
  const months = await recentMonths(client, from - KEEP_DAYS * DAY_MS);
  const removed = months === null ? 0 : await remove(client, [from, to, latenessMs, ...months]);
  await client.query(ADVANCE, [to]);
  return removed;
}

async function remove(client: PoolClient, values: readonly number[]): Promise<number> {
  const { rows } = await client.query<{ removed: number }>(REMOVE, [...values]);
  return rows[0]?.removed ?? 0;
}

async function beginning(client: PoolClient, now: number): Promise<number> {
  const { rows } = await client.query<{ through: number }>('SELECT checked_through AS through FROM repeats_check');
  const oldest = Math.floor((now - KEEP_DAYS * DAY_MS) / HOUR_MS) * HOUR_MS;
  return Math.max(oldest, rows[0]?.through ?? oldest);
}

/**
 * Events that came again with another time than before, beyond the dedupe window (decisions: same id, within 7 days): the later
 * copy is deleted and counted `duplicate`. Goes on hour by hour of receipt from where it was, up to the last hour that has been
 * over for as long as an append may take.
 * @returns how many were deleted
 * @throws the signal's reason; the hour in hand is undone then
 */
export async function removeRepeats(pool: Pool, { now, latenessMs, signal }: RepeatsOptions): Promise<number> {
  let total = 0;
  const options = { role: 'owner', ...(signal !== undefined && { signal }) } as const;
  let from = await withTransaction(pool, options, (client) => beginning(client, now));
  for (; from + HOUR_MS + SLACK_MS <= now; from += HOUR_MS) {
    const hour = from;
    const removed = await withTransaction(pool, options, (client) => checkHour(client, hour, latenessMs));
    if (removed === null) return total;
    total += removed;
  }
  return total;
}
