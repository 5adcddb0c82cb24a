import type { GroupPartition, PartitionTask } from '@productgraph/kernel';
import type { Tracing } from './tracing.ts';

/** Decorator: each batch of the task runs in a span that continues the traces of the requests behind its records. */
export function tracedTask(
  tracing: Tracing,
  task: (partition: GroupPartition) => PartitionTask,
): (partition: GroupPartition) => PartitionTask {
  if (tracing.isOff) return task;
  return (partition) => {
    const inner = task(partition);
    const { group, topic } = partition;
    return {
      open: () => inner.open(),
      tick: (now) => inner.tick(now),
      batch: (batch) => {
        const traceparents = batch.records.map((record) => record.traceparent);
        const attributes = {
          'messaging.consumer.group.name': group,
          'messaging.destination.name': topic,
          'messaging.destination.partition.id': String(partition.partition),
          'messaging.batch.message_count': batch.records.length,
        };
        return tracing.batch({ name: `${group} ${topic}`, traceparents, attributes }, () => inner.batch(batch));
      },
    };
  };
}
