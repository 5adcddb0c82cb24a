import type { BlockRange, JournalPosition, OpenRange, RefusedRow } from '@productgraph/domain-event';
import type { GroupPartition } from '@productgraph/kernel';
import type { PoolClient } from 'pg';

const WHERE_HEAD = 'log_group = $1 AND topic = $2 AND generation = $3 AND log_partition = $4';
/** Open exactly as the caller knows it. */
const WHERE_OPEN = `${WHERE_HEAD} AND next = $5 AND (open_range ->> 'first')::bigint = $5
  AND (open_range ->> 'last')::bigint = $6 AND open_range -> 'refused' = $7::jsonb`;

const keyOf = ({ group, topic, generation, partition }: GroupPartition): (string | number)[] => [
  group,
  topic,
  generation,
  partition,
];

const openAs = ({ first, last, refused }: BlockRange): (string | number)[] => [first, last, JSON.stringify(refused)];

interface HeadRow {
  readonly next: number;
  readonly windowStart: number | null;
  readonly time: number;
  /** JSON text, as the pools read JSON. */
  readonly range: string | null;
  readonly ageMs: number | null;
}

/** Head and open range of the partition. */
export async function readPosition(client: PoolClient, partition: GroupPartition): Promise<JournalPosition> {
  const { rows } = await client.query<HeadRow>(
    `SELECT next, window_start AS "windowStart", runner_time AS time,
       CASE WHEN (open_range ->> 'first')::bigint = next THEN open_range::text END AS range,
       extract(epoch FROM clock_timestamp() - begun_at)::float8 * 1000 AS "ageMs"
     FROM writer_heads WHERE ${WHERE_HEAD}`,
    keyOf(partition),
  );
  const [head] = rows;
  if (head === undefined) return { next: null, windowStart: null, time: 0, open: null };
  const { next, windowStart, time, range, ageMs } = head;
  const open: OpenRange | null =
    range === null ? null : { ...(JSON.parse(range) as BlockRange), ageMs: Math.max(0, ageMs ?? 0) };
  return { next, windowStart, time, open };
}

/** True when the range is open now, by this call. */
export async function openRange(client: PoolClient, partition: GroupPartition, range: BlockRange): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO writer_heads AS head
       (log_group, topic, generation, log_partition, next, runner_time, open_range, begun_at)
     VALUES ($1, $2, $3, $4, $5, 0, $6::jsonb, clock_timestamp())
     ON CONFLICT (log_group, topic, generation, log_partition)
     DO UPDATE SET open_range = excluded.open_range, begun_at = excluded.begun_at
     WHERE head.next = $5 AND (head.open_range ->> 'first')::bigint IS DISTINCT FROM $5`,
    [...keyOf(partition), range.first, JSON.stringify(range)],
  );
  return rowCount === 1;
}

export async function replaceRefused(
  client: PoolClient,
  { partition, range, refused }: { partition: GroupPartition; range: BlockRange; refused: readonly RefusedRow[] },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE writer_heads SET open_range = jsonb_set(open_range, '{refused}', $8::jsonb) WHERE ${WHERE_OPEN}`,
    [...keyOf(partition), ...openAs(range), JSON.stringify(refused)],
  );
  return rowCount === 1;
}

/** Moves the head behind the range. Answers when it was begun; null = it is not open as given. */
export async function closeRange(
  client: PoolClient,
  partition: GroupPartition,
  range: BlockRange,
): Promise<Date | null> {
  const { rows } = await client.query<{ begunAt: Date }>(
    `UPDATE writer_heads SET next = $6 + 1, window_start = $8, runner_time = $9, open_range = NULL
     WHERE ${WHERE_OPEN} RETURNING begun_at AS "begunAt"`,
    [...keyOf(partition), ...openAs(range), range.windowStart, Math.floor(range.time)],
  );
  return rows[0]?.begunAt ?? null;
}

export interface ClosedRange {
  readonly partition: GroupPartition;
  readonly range: BlockRange;
  readonly begunAt: Date;
  readonly stored: number;
  readonly duplicates: number;
}

/** One row of history. */
export async function keepHistory(client: PoolClient, closed: ClosedRange): Promise<void> {
  const { partition, range, begunAt, stored, duplicates } = closed;
  await client.query(
    `INSERT INTO writer_blocks (log_group, topic, generation, log_partition, first, last, begun_at, stored, duplicate, refused, routing)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [...keyOf(partition), range.first, range.last, begunAt, stored, duplicates, range.refused.length, range.routing],
  );
}
