import type { Instruments } from '../instruments.ts';

/** Facts of the session-processor and of settlement. */
export interface SessionFacts {
  /** Session rows were emitted to the log. */
  emitted(fact: { rows: number }): void;
  /** An hour of one partition is settled. */
  settled(fact: { partition: number; hour: number; users: number; corrections: number; seconds: number }): void;
  settlementFailed(fact: { error: unknown }): void;
}

export function sessionFacts(instruments: Instruments): SessionFacts {
  const emitted = instruments.counter({
    name: 'productgraph_session_emitted_rows_total',
    help: 'Session versions emitted to the log.',
  });
  const users = instruments.counter({
    name: 'productgraph_settlement_users_total',
    help: 'User spans folded again by settlement.',
  });
  const corrections = instruments.counter({
    name: 'productgraph_settlement_corrections_total',
    help: 'Session rows that settlement emitted.',
  });
  const seconds = instruments.seconds({
    name: 'productgraph_settlement_hour_seconds',
    help: 'Time to settle one hour of one partition.',
  });
  const settledUpTo = instruments.gauge({
    name: 'productgraph_settlement_settled_up_to_seconds',
    help: 'Hours of receipt before this Unix time are settled.',
    labels: ['partition'],
  });
  const failed = instruments.counter({
    name: 'productgraph_settlement_failures_total',
    help: 'Settlement runs that failed; they are tried again.',
  });
  return {
    emitted: ({ rows }) => emitted.inc(rows),
    settled(fact) {
      users.inc(fact.users);
      corrections.inc(fact.corrections);
      seconds.observe(fact.seconds);
      settledUpTo.set({ partition: fact.partition }, fact.hour / 1000 + 3600);
      instruments.note('debug', 'settlement.hour_settled', { message: 'An hour is settled', fields: fact });
    },
    settlementFailed({ error }) {
      failed.inc();
      instruments.noteSometimes('warn', 'settlement.failed', {
        message: 'Settlement failed; it will be tried again',
        fields: { err: error },
      });
    },
  };
}
