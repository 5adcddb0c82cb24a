import type { Instruments } from '../instruments.ts';

/** Facts of the event-writer. */
export interface WriterFacts {
  /** A block is durably in the event store. */
  blockWritten(fact: WrittenBlock): void;
}

export interface WrittenBlock {
  readonly events: number;
  readonly sessions: number;
  readonly quarantined: number;
  /** Rows that were new. */
  readonly inserted: number;
  /** Events that the store already had. */
  readonly duplicates: number;
  /** Rows that the store refused. */
  readonly refused: number;
  readonly milliseconds: number;
}

export function writerFacts(instruments: Instruments): WriterFacts {
  const rows = instruments.counter({
    name: 'productgraph_writer_rows_total',
    help: 'Rows given to the event store, by table.',
    labels: ['table'],
  });
  const outcomes = instruments.counter({
    name: 'productgraph_writer_outcomes_total',
    help: 'What became of rows: inserted, duplicate (already there), refused (now in quarantine).',
    labels: ['outcome'],
  });
  const seconds = instruments.seconds({
    name: 'productgraph_writer_block_seconds',
    help: 'Time of one block: rows, head, counts and done mark in one transaction.',
  });
  return {
    blockWritten(block) {
      rows.inc({ table: 'events' }, block.events);
      rows.inc({ table: 'sessions' }, block.sessions);
      rows.inc({ table: 'quarantine' }, block.quarantined);
      outcomes.inc({ outcome: 'inserted' }, block.inserted);
      outcomes.inc({ outcome: 'duplicate' }, block.duplicates);
      outcomes.inc({ outcome: 'refused' }, block.refused);
      seconds.observe(block.milliseconds / 1000);
    },
  };
}
