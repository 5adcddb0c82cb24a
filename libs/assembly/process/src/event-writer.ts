import type { EventDecoder, EventStore } from '@productgraph/domain-event';
import type { EventLog } from '@productgraph/kernel';
import { createEventWriterTask, EVENT_WRITER_GROUP, EVENT_WRITER_TOPICS } from '@productgraph/processor-event-writer';
import type { Base } from './base.ts';
import { runnerOf, type Consumer } from './groups.ts';

export interface EventWriterNeeds {
  readonly log: EventLog;
  readonly store: EventStore;
  readonly decode: EventDecoder;
  /** See {@link Consumer.gatherMs}. */
  readonly gatherMs: number;
}

/** Log → events, sessions, quarantine, ledger: one step of the store a block. */
export function eventWriter(base: Base, { log, store, decode, gatherMs }: EventWriterNeeds): Consumer {
  const { clock, telemetry } = base;
  const task = createEventWriterTask({ store, decode, clock, telemetry: telemetry.writer });
  const handler = runnerOf(base, { log, group: EVENT_WRITER_GROUP, task });
  return { group: EVENT_WRITER_GROUP, topics: EVENT_WRITER_TOPICS, handler, gatherMs };
}
