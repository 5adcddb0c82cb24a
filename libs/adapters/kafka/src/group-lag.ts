import type { PartitionRef, Watermarks } from '@productgraph/kernel';
import type { Admin } from 'kafkajs';
import type { NamedTopic } from './topics/check.ts';

/** How far a group is behind on one partition, as the brokers know it. */
export interface GroupLag extends PartitionRef {
  readonly group: string;
  /** Next offset it reads; the log's start when it has told of none yet. */
  readonly position: number;
  readonly records: number;
}

/** Next offsets that the group has told the brokers of, by topic and partition; a second behind what it has done. */
export async function readPositions(
  admin: Admin,
  groupId: string,
  topics: readonly NamedTopic[],
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const told = await admin.fetchOffsets({ groupId, topics: topics.map(({ name }) => name) });
  return new Map(
    told.map(({ topic, partitions }) => [
      topic,
      new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)])),
    ]),
  );
}

/** Lag on every partition of a topic, from the group's positions; for processes that are not in the group. */
export function lagsOf(
  group: string,
  { topic, generation }: NamedTopic,
  read: { readonly positions: ReadonlyMap<number, number>; readonly marks: ReadonlyMap<number, Watermarks> },
): GroupLag[] {
  return [...read.marks]
    .map(([partition, { low, high }]) => {
      const position = Math.max(read.positions.get(partition) ?? 0, low);
      return { group, topic, generation, partition, position, records: Math.max(0, high - position) };
    })
    .sort((a, b) => a.partition - b.partition);
}
