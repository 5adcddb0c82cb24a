import type { PartitionHandler, PartitionRef } from '@productgraph/kernel';

/** A handler that also tells which partitions are its own right now. */
export interface TrackedHandler extends PartitionHandler {
  assignments(): readonly PartitionRef[];
}

/** Wraps a handler so that settlement works on the very partitions that the live fold owns. */
export function trackAssignments(handler: PartitionHandler): TrackedHandler {
  const own = new Map<string, PartitionRef>();
  const keyOf = ({ topic, generation, partition }: PartitionRef): string => `${topic}.${generation}.${partition}`;
  return {
    async assigned(partition, marks) {
      const offset = await handler.assigned(partition, marks);
      own.set(keyOf(partition), partition);
      return offset;
    },
    batch: (batch) => handler.batch(batch),
    idle: (partition) => handler.idle(partition),
    async revoked(partition) {
      own.delete(keyOf(partition));
      await handler.revoked(partition);
    },
    assignments: () => [...own.values()],
  };
}
