import { RECORD_LIMITS, type SessionRow } from '@productgraph/contracts';
import type { DeferredUser } from '@productgraph/domain-session';
import type { SettlementDeps } from './options.ts';
import { settleUser, type SettleRules, type SettleTarget } from './settle-user.ts';

/** A unit of work: users to settle by the same rules. A user occurs once, so units may be repeated after a crash. */
export interface Unit {
  readonly partition: number;
  readonly users: readonly SettleTarget[];
  readonly rules: SettleRules;
  readonly latenessMs: number;
  readonly concurrency: number;
  /** Runner time, Unix ms. */
  readonly time: number;
}

export interface UnitResult {
  /** Corrections appended, durably. */
  readonly rows: number;
  /** Users to look at later. */
  readonly deferred: readonly DeferredUser[];
}

const HOUR = 3_600_000;

/** Settles the users and appends their corrections. @throws what a port threw: nothing is lost by repeating the unit */
export async function settleUnit(unit: Unit, deps: SettlementDeps): Promise<UnitResult> {
  await deps.settings.prepare(unit.users.map((user) => user.projectId));
  const deferred: DeferredUser[] = [];
  let waiting: SessionRow[] = [];
  let rows = 0;
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    await deps.sink(batch, unit.partition);
    rows += batch.length;
  };
  for (let at = 0; at < unit.users.length; at += unit.concurrency) {
    const group = unit.users.slice(at, at + unit.concurrency);
    for (const outcome of await Promise.all(group.map((user) => settleOne(user, unit, deps)))) {
      waiting.push(...outcome.rows);
      if (outcome.deferred !== null) deferred.push(outcome.deferred);
    }
    if (waiting.length >= RECORD_LIMITS.lines) await flush();
  }
  await flush();
  return { rows, deferred };
}

interface OneOutcome {
  readonly rows: readonly SessionRow[];
  readonly deferred: DeferredUser | null;
}

async function settleOne(user: SettleTarget, unit: Unit, deps: SettlementDeps): Promise<OneOutcome> {
  const { projectId, userKey, from, to } = user;
  const of = { settings: deps.settings.get(projectId), rules: unit.rules };
  try {
    const { rows, pending } = await settleUser(user, of, deps);
    if (pending === null) return { rows, deferred: null };
    return {
      rows,
      deferred: { projectId, userKey, from: pending.from, to: pending.to, at: pending.end + unit.latenessMs },
    };
  } catch (error) {
    // A range, type or reference error is ours: one user's bug must not hold up the partition. All else is the store's: retried.
    if (!isBug(error)) throw error;
    deps.telemetry.userFailed({ projectId, userKey, error });
    return { rows: [], deferred: { projectId, userKey, from, to, at: unit.time + HOUR } };
  }
}

function isBug(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError || error instanceof ReferenceError;
}
