import type { Clock } from '@productgraph/kernel';
import type { Pool } from 'pg';
import { limitQuarantine, pruneLedger } from '../ledger/prune.ts';
import { dropExpired, type Expired } from './expire.ts';
import { monthOf, type Months } from './months.ts';

/** What a run of maintenance did. */
export interface MaintenanceReport {
  readonly events: Expired;
  readonly sessions: Expired;
  /** Entries removed. */
  readonly quarantine: number;
  /** Ledger minutes summed into days. */
  readonly ledgerMinutes: number;
}

/** Housekeeping of the store; every step may run at any time, in several processes at once, and again. */
export interface StoreMaintenance {
  /** Makes the months that writers will need next: this one and two more. */
  makeMonthsAhead(): Promise<void>;
  /** Months ahead, retention, bounds of quarantine, ledger. To be run at start and every hour. @throws the signal's reason between two steps */
  run(signal?: AbortSignal): Promise<MaintenanceReport>;
}

export interface MaintenanceOptions {
  /** Connections of a login that may take the owner's role. */
  readonly pool: Pool;
  readonly months: Months;
  readonly clock: Clock;
}

const MONTHS_AHEAD = 2;

export function createStoreMaintenance({ pool, months, clock }: MaintenanceOptions): StoreMaintenance {
  async function makeMonthsAhead(): Promise<void> {
    const current = monthOf(clock.now());
    const wanted = Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => current + ahead);
    await months.ensure('events', wanted);
    await months.ensure('sessions', wanted);
  }

  return {
    makeMonthsAhead,
    async run(signal) {
      const step = <T>(work: () => Promise<T>): Promise<T> => {
        signal?.throwIfAborted();
        return work();
      };
      await step(makeMonthsAhead);
      const now = clock.now();
      const events = await step(() => dropExpired(pool, 'events', now));
      const sessions = await step(() => dropExpired(pool, 'sessions', now));
      months.forget();
      return {
        events,
        sessions,
        quarantine: await step(() => limitQuarantine(pool, now)),
        ledgerMinutes: await step(() => pruneLedger(pool, now)),
      };
    },
  };
}
