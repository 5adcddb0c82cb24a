import type { PoolClient } from 'pg';
import { codeOf } from '../faults.ts';
import type { CopyWriter } from './copy-writer.ts';
import { countEvents, type EventCount } from './event-counts.ts';
import type { EncodedEvents, RefusedEvent } from './encode-events.ts';
import { EVENT_COLUMNS } from './event-rows.ts';
import { refusalOf, UNIQUE_VIOLATION } from './faults.ts';
import { partitionName } from './months.ts';
import { columnList, copyInto, createStaging, insertAround, stagingName, type Range, type Staged } from './staging.ts';

export interface InsertedEvents {
  readonly stored: readonly EventCount[];
  readonly refused: readonly RefusedEvent[];
  /** True when straight COPY met rows that were there already. */
  readonly conflicts: boolean;
}

export interface EventRows extends EncodedEvents {
  readonly copy: CopyWriter;
  /** Try COPY straight into the months first; false when conflicts are to be expected. */
  readonly direct: boolean;
}

/** A block over more months than this goes through the staging table, which sorts them out by itself. */
const MAX_DIRECT_MONTHS = 12;

const EVENTS: Staged = { table: 'events', columns: EVENT_COLUMNS };
const STAGING = stagingName(EVENTS);
const COLUMNS = columnList(EVENT_COLUMNS);

/** Rows whose key is there already are left out; answers what was new. */
const MOVE_STAGED = `
  WITH new AS (
    INSERT INTO events (${COLUMNS}) SELECT ${COLUMNS} FROM ${STAGING} ON CONFLICT DO NOTHING
    RETURNING project_id, received_at
  )
  SELECT project_id AS "projectId", floor(extract(epoch FROM received_at) / 60)::integer AS minute, count(*) AS n
  FROM new GROUP BY 1, 2`;

/**
 * Stores the events that are not there yet, inside the caller's transaction.
 * Straight COPY into the month's partition is the fast way (server time a row as measured: 21 µs, 31 through a staging
 * table, 46 by unnest); where a row exists already or is refused, the staging table sorts it out.
 */
export async function insertEvents(client: PoolClient, events: EventRows): Promise<InsertedEvents> {
  if (events.rows.length === 0) return { stored: [], refused: [], conflicts: false };
  const outcome =
    events.direct && events.months.length <= MAX_DIRECT_MONTHS ? await copyStraight(client, events) : 'not tried';
  if (outcome === 'stored') return { stored: countEvents(events.rows), refused: [], conflicts: false };
  return { ...(await merge(client, events)), conflicts: outcome === 'conflict' };
}

async function copyStraight(
  client: PoolClient,
  { months, copy }: EventRows,
): Promise<'stored' | 'conflict' | 'refused'> {
  await client.query('SAVEPOINT straight');
  try {
    for (const { month, first, end } of months) {
      await copyInto(
        client,
        { table: partitionName('events', month), columns: EVENT_COLUMNS },
        copy.chunks(first, end),
      );
    }
    await client.query('RELEASE SAVEPOINT straight');
    return 'stored';
  } catch (error) {
    if (refusalOf(error) === null) throw error;
    await client.query('ROLLBACK TO SAVEPOINT straight; RELEASE SAVEPOINT straight');
    return codeOf(error) === UNIQUE_VIOLATION ? 'conflict' : 'refused';
  }
}

async function merge(client: PoolClient, { rows, copy }: EventRows): Promise<Omit<InsertedEvents, 'conflicts'>> {
  const stored: EventCount[] = [];
  const refused: RefusedEvent[] = [];
  const insert = async ({ first, end }: Range): Promise<void> => {
    await copyInto(client, { table: STAGING, columns: EVENT_COLUMNS }, copy.chunks(first, end));
    const { rows: counts } = await client.query<EventCount>(MOVE_STAGED);
    // Only when the block is being bisected does another part follow in this transaction.
    if (end - first < rows.length) await client.query(`TRUNCATE ${STAGING}`);
    stored.push(...counts);
  };
  await client.query(createStaging(EVENTS));
  await insertAround(
    client,
    { first: 0, end: rows.length },
    {
      insert,
      refuse: (at, refusal) => {
        const row = rows[at];
        if (row !== undefined) refused.push({ row, refusal });
      },
    },
  );
  return { stored, refused };
}
