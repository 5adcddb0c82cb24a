import { monthOf } from '@productgraph/domain-event';
import type { Clock } from '@productgraph/kernel';
import type { Pool } from 'pg';
import { pruneAll, type PruneReport } from '../ledger/prune.ts';
import { createSteps } from '../steps.ts';
import { dropExpired, type Expired } from './expire.ts';
import { type Months } from './months.ts';
import { removeRepeats } from './repeats.ts';

/** What a run of maintenance did. */
export interface MaintenanceReport extends PruneReport {
  readonly events: Expired;
  readonly sessions: Expired;
  /** Events removed because their id had come before with another time. */
  readonly repeats: number;
}

/** Housekeeping of the store; every step may run at any time, in several processes at once, and again. */
export interface StoreMaintenance {
  /** Makes the months that writers will need next: this one and two more. */
  makeMonthsAhead(): Promise<void>;
  /**
   * Months ahead, retention, repeated ids, bounds of quarantine, ledger, history of blocks. To be run at start and every hour. A step that fails does not keep
   * the others from running.
   * @throws the signal's reason between two steps; the fault of the first step that failed, when all have run
   */
  run(signal?: AbortSignal): Promise<MaintenanceReport>;
}

export interface MaintenanceOptions {
  /** Connections of a login that may take the owner's role. */
  readonly pool: Pool;
  readonly months: Months;
  readonly clock: Clock;
  /** How long after their receipt events are settled, milliseconds. Default 24 hours. */
  readonly latenessMs?: number;
}

const DAY_MS = 86_400_000;
const MONTHS_AHEAD = 2;

export function createStoreMaintenance(options: MaintenanceOptions): StoreMaintenance {
  const { pool, months, clock, latenessMs = DAY_MS } = options;

  async function makeMonthsAhead(): Promise<void> {
    const current = monthOf(clock.now());
    const wanted = Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => current + ahead);
    await months.ensure('events', wanted);
    await months.ensure('sessions', wanted);
  }

  return {
    makeMonthsAhead,
    async run(signal) {
      const now = clock.now();
      const { step, firstFault } = createSteps(signal);
      await step(makeMonthsAhead, undefined);
      const events = await step(() => dropExpired(pool, 'events', now), NOTHING);
      const sessions = await step(() => dropExpired(pool, 'sessions', now), NOTHING);
      months.forget();
      const repeats = await step(() => removeRepeats(pool, { now, latenessMs, signal }), 0);
      const pruned = await pruneAll(pool, now, step);
      const fault = firstFault();
      if (fault !== null) throw fault.error;
      return { events, sessions, repeats, ...pruned };
    },
  };
}

const NOTHING: Expired = { dropped: [], deleted: 0, postponed: [] };
