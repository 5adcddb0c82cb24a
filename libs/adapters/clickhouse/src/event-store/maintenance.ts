import type { BlockJournal } from '@productgraph/domain-event';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { ClickHouse } from '../client/connection.ts';
import { expireRows, type Expiring } from './expire.ts';
import { recountStored } from './recount.ts';

export interface ClickHouseMaintenanceOptions {
  readonly clickhouse: ClickHouse;
  readonly journal: Pick<BlockJournal, 'storedBetween' | 'recount'>;
  readonly projects: ProjectDirectory;
  readonly clock: Clock;
}

/** What a run did; nothing when it was done already today. */
export interface ClickHouseMaintenanceReport {
  readonly expiring: readonly Expiring[];
  /** Events that the ledger counted as stored and that were copies of others. */
  readonly copies: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Days (UTC) that are looked at, yesterday and before: a process may not have run for a while. */
const DAYS = 2;

/**
 * Retention and the recount of copies, once a day (UTC, an hour after it has begun): the rest of ClickHouse's housekeeping it does
 * itself. May run in several processes at once, and again.
 */
export function createClickHouseMaintenance(options: ClickHouseMaintenanceOptions): {
  /**
   * To be called at start and every hour.
   * @throws the signal's reason between two steps; ClickHouseUnavailable
   */
  run(signal?: AbortSignal): Promise<ClickHouseMaintenanceReport>;
} {
  const { clickhouse, journal, projects, clock } = options;
  let doneFor = -1;
  return {
    async run(signal) {
      const now = clock.now();
      const day = Math.floor((now - HOUR_MS) / DAY_MS);
      if (day === doneFor) return { expiring: [], copies: 0 };
      const expiring = await expireRows(clickhouse, projects, { now, signal });
      signal?.throwIfAborted();
      const minutes = { from: (day - DAYS) * 1_440, to: day * 1_440 };
      const copies = await recountStored(clickhouse, journal, minutes);
      doneFor = day;
      return { expiring, copies };
    },
  };
}
