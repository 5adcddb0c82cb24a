import type { PartitionRef } from '@productgraph/kernel';
import type { Admin } from 'kafkajs';
import type { NamedTopic } from './topics/check.ts';

/** How far a group is behind on one partition, as the brokers know it. */
export interface GroupLag extends PartitionRef {
  readonly group: string;
  /** Next offset it reads; the log's start when it has told of none yet. */
  readonly position: number;
  readonly records: number;
}

/**
 * From the offsets that the group has told the brokers of, which are a second behind what it has done; for processes that are not in it.
 * @param prefix of the group's name on the brokers
 */
export async function readGroupLag(
  admin: Admin,
  {
    group,
    prefix,
    topics,
  }: { readonly group: string; readonly prefix: string; readonly topics: readonly NamedTopic[] },
): Promise<GroupLag[]> {
  const told = await admin.fetchOffsets({ groupId: `${prefix}${group}`, topics: topics.map(({ name }) => name) });
  const lags = topics.map(async ({ name, topic, generation }) => {
    const marks = await admin.fetchTopicOffsets(name);
    const positions = new Map(
      told.find((one) => one.topic === name)?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
    );
    return marks
      .map(({ partition, low, high }) => {
        const position = Math.max(positions.get(partition) ?? 0, Number(low));
        return { group, topic, generation, partition, position, records: Math.max(0, Number(high) - position) };
      })
      .sort((a, b) => a.partition - b.partition);
  });
  return (await Promise.all(lags)).flat();
}
