import type { GroupPartition } from '@productgraph/kernel';

/** The three keys of a partition. One hash tag puts them on one node of a cluster, so that one script can change them together. */
export interface PartitionKeys {
  /** Hash: `revision`, `next`, `windowStart`, `time`, `save` (id of the save that made this revision). */
  readonly position: string;
  /** Hash: the processor's key → value. */
  readonly values: string;
  /** Sorted set: the processor's key, by the time of its timer, Unix ms. */
  readonly due: string;
}

/** None of them has a time to live. A brace or colon in the group's name is escaped: the tag ends at the first `}`. */
export function partitionKeys(prefix: string, { group, topic, generation, partition }: GroupPartition): PartitionKeys {
  const tag = `${prefix}:{${encodeURIComponent(group)}:${topic}.${generation}:${partition}}`;
  return { position: `${tag}:position`, values: `${tag}:values`, due: `${tag}:due` };
}
