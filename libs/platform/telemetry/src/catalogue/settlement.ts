import type { PartitionRef } from '@productgraph/kernel';
import type { Instruments } from '../instruments.ts';

/** Facts of settlement. */
export interface SettlementFacts {
  /** A unit of work is durably done. */
  settled(fact: SettledWork): void;
  /** There is work, but the store does not have everything yet. */
  waiting(fact: { partition: PartitionRef; for: string }): void;
  /** A bug hit one user; the others go on. */
  userFailed(fact: { projectId: string; userKey: string; error: unknown }): void;
  /** A client's session has more events than may be read again: its last live row stands. */
  sessionTooLarge(fact: { projectId: string; userKey: string; sessionId: string; events: number }): void;
  /** A run failed and is tried again. */
  failed(fact: { partition: PartitionRef; error: unknown }): void;
}

export interface SettledWork {
  readonly partition: PartitionRef;
  readonly kind: 'hour' | 'request' | 'deferred';
  readonly users: number;
  /** Corrections, marks included. */
  readonly rows: number;
  readonly milliseconds: number;
}

export function settlementFacts(instruments: Instruments): SettlementFacts {
  return { ...workFacts(instruments), ...faultFacts(instruments) };
}

function workFacts(instruments: Instruments): Pick<SettlementFacts, 'settled' | 'waiting'> {
  const users = instruments.counter({
    name: 'productgraph_settlement_users_total',
    help: 'Users whose events were folded again, by kind of work.',
    labels: ['kind'],
  });
  const rows = instruments.counter({
    name: 'productgraph_settlement_rows_total',
    help: 'Session rows that settlement emitted: corrections and settled marks.',
    labels: ['kind'],
  });
  const seconds = instruments.seconds({
    name: 'productgraph_settlement_work_seconds',
    help: 'Time of one unit of settlement, by kind.',
    labels: ['kind'],
  });
  const waits = instruments.counter({
    name: 'productgraph_settlement_waits_total',
    help: 'Times settlement had work but the store did not have everything yet, by what was missing.',
    labels: ['for'],
  });
  return {
    settled({ kind, users: folded, rows: emitted, milliseconds, partition }) {
      users.inc({ kind }, folded);
      rows.inc({ kind }, emitted);
      seconds.observe({ kind }, milliseconds / 1000);
      instruments.note('debug', 'settlement.settled', {
        message: 'Settled',
        fields: { partition: partition.partition, kind, users: folded, rows: emitted, milliseconds },
      });
    },
    waiting: (fact) => waits.inc({ for: fact.for }),
  };
}

function faultFacts(instruments: Instruments): Pick<SettlementFacts, 'userFailed' | 'sessionTooLarge' | 'failed'> {
  const failed = instruments.counter({
    name: 'productgraph_settlement_failures_total',
    help: 'Settlement runs and users that failed; they are tried again.',
    labels: ['of'],
  });
  const tooLarge = instruments.counter({
    name: 'productgraph_settlement_oversized_sessions_total',
    help: 'Sessions with too many events to be read again: their last live row stands.',
  });
  return {
    userFailed({ projectId, userKey, error }) {
      failed.inc({ of: 'user' });
      instruments.note('error', 'settlement.user_failed', {
        message: 'The sessions of a user could not be settled; tried again later',
        fields: { projectId, userKey, err: error },
      });
    },
    sessionTooLarge(fact) {
      tooLarge.inc();
      instruments.note('warn', 'settlement.session_too_large', {
        message: 'A session has too many events to be settled: its last live row stands',
        fields: fact,
      });
    },
    failed({ partition, error }) {
      failed.inc({ of: 'run' });
      instruments.noteSometimes('warn', 'settlement.failed', {
        message: 'A settlement run failed; it is tried again',
        fields: { partition: partition.partition, err: error },
      });
    },
  };
}
