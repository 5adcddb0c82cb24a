import type { BlockJournal, StoredMinute } from '@productgraph/domain-event';
import type { ClickHouse } from '../client/connection.ts';

/** Unix minutes: from ≤ minute < to. */
export interface MinuteRange {
  readonly from: number;
  readonly to: number;
}

const MINUTE_MS = 60_000;

const RECEIVED = `received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND received_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

/** Months of what was received then, by the projection `by_receipt`. */
const MONTHS = `SELECT DISTINCT toYYYYMM(timestamp) AS month FROM events WHERE ${RECEIVED}`;

/** Events received then, copies left out. Reads the sorting keys of these months once, in their order, without haste. */
const ACTUAL = `
  SELECT project_id AS projectId, intDiv(toUnixTimestamp64Milli(received_at), ${MINUTE_MS}) AS minute, count() AS stored
  FROM events FINAL
  WHERE toYYYYMM(timestamp) IN {months:Array(UInt32)} AND ${RECEIVED}
  GROUP BY project_id, minute`;

const keyOf = ({ projectId, minute }: Pick<StoredMinute, 'projectId' | 'minute'>): string => `${projectId} ${minute}`;

/**
 * Calls events duplicates that the ledger counts as stored and that are copies of others. The ledger is read before the store, and
 * a minute that has changed meanwhile is left for the next time: what is being written is never taken for a copy.
 * @returns how many
 */
export async function recountStored(
  all: Pick<ClickHouse, 'rows'>,
  journal: Pick<BlockJournal, 'storedBetween' | 'recount'>,
  range: MinuteRange,
): Promise<number> {
  const minutes = await journal.storedBetween(range.from, range.to);
  if (minutes.length === 0) return 0;
  const params = { from: range.from * MINUTE_MS, to: range.to * MINUTE_MS };
  const months = await all.rows<{ month: number }>({ sql: MONTHS, params });
  const rows = await all.rows<StoredMinute>({
    sql: ACTUAL,
    params: { ...params, months: months.map(({ month }) => month) },
    settings: { max_threads: 1, priority: '10', max_execution_time: 0 },
  });
  const actual = new Map(rows.map((row) => [keyOf(row), row.stored]));
  const fewer = minutes
    .map((minute) => ({ ...minute, actual: actual.get(keyOf(minute)) ?? 0 }))
    .filter(({ stored, actual: there }) => there < stored);
  return fewer.length === 0 ? 0 : journal.recount(fewer);
}
