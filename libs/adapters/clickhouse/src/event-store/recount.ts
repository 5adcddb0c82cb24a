import type { BlockJournal, StoredMinute } from '@productgraph/domain-event';
import type { ClickHouse } from '../client/connection.ts';

/** Unix minutes: from ≤ minute < to. */
export interface MinuteRange {
  readonly from: number;
  readonly to: number;
}

const MINUTE_MS = 60_000;

/**
 * Events received in the range, copies left out: those that came in then are found by the projection `by_receipt`, and are
 * looked at with everything that has their user and time.
 */
const ACTUAL = `
  SELECT project_id AS projectId, intDiv(toUnixTimestamp64Milli(received_at), ${MINUTE_MS}) AS minute, count() AS stored
  FROM events FINAL
  WHERE (project_id, user_key, timestamp) GLOBAL IN (
      SELECT DISTINCT project_id, user_key, timestamp FROM events
      WHERE received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
    AND received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  GROUP BY project_id, minute`;

const keyOf = ({ projectId, minute }: Pick<StoredMinute, 'projectId' | 'minute'>): string => `${projectId} ${minute}`;

/**
 * Calls events duplicates that the ledger counts as stored and that are copies of others. The ledger is read before the store, and
 * a minute that has changed meanwhile is left for the next time: what is being written is never taken for a copy.
 * @returns how many
 */
export async function recountStored(all: ClickHouse, journal: BlockJournal, range: MinuteRange): Promise<number> {
  const minutes = await journal.storedBetween(range.from, range.to);
  if (minutes.length === 0) return 0;
  const rows = await all.rows<StoredMinute>({
    sql: ACTUAL,
    params: { from: range.from * MINUTE_MS, to: range.to * MINUTE_MS },
  });
  const actual = new Map(rows.map((row) => [keyOf(row), row.stored]));
  const fewer = minutes
    .map((minute) => ({ ...minute, actual: actual.get(keyOf(minute)) ?? 0 }))
    .filter(({ stored, actual: there }) => there < stored);
  return fewer.length === 0 ? 0 : journal.recount(fewer);
}
