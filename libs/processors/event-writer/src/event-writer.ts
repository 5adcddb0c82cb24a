import type { EventDecoder, EventStore } from '@productgraph/domain-event';
import type { Clock, GroupPartition, PartitionTask } from '@productgraph/kernel';
import { toBlock } from './block.ts';
import type { EventWriterTelemetry } from './ports.ts';

/** Group name of the event-writer; its positions are the heads in the event store. */
export const EVENT_WRITER_GROUP = 'event-writer';

/** Topics whose records the event-writer stores. */
export const EVENT_WRITER_TOPICS = ['events', 'sessions', 'quarantine'] as const;

export interface EventWriterDeps {
  readonly store: Pick<EventStore, 'position' | 'write'>;
  readonly decode: EventDecoder;
  readonly clock: Clock;
  readonly telemetry: EventWriterTelemetry;
}

/**
 * One block per batch: rows, counts and the partition's head move in one step of the store, so a repeat after a crash
 * either finds the head unmoved (and writes the same block) or moved (and goes on behind it).
 */
export function createEventWriterTask(deps: EventWriterDeps): (partition: GroupPartition) => PartitionTask {
  return (partition) => ({
    open: () => deps.store.position(partition),
    async batch(batch) {
      const began = deps.clock.now();
      const block = toBlock(batch, deps.decode);
      const result = await deps.store.write(block);
      if (result === null) return false;
      deps.telemetry.blockWritten({
        events: block.events.length,
        inserted: result.inserted,
        duplicates: result.duplicates,
        refused: result.refused,
        sessions: block.sessions.length,
        quarantined: block.quarantine.length,
        milliseconds: deps.clock.now() - began,
      });
      return true;
    },
    tick: () => Promise.resolve(true),
  });
}
