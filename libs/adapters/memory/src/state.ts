import type { GroupPartition, StatePosition, StateSave, StateStore } from '@productgraph/kernel';

interface Partition {
  position: StatePosition;
  readonly values: Map<string, { readonly value: string; readonly due: number | null }>;
}

/** The state store of tests, with what tests need besides. */
export interface MemoryStateStore extends StateStore {
  /** Forgets everything, as a FLUSHALL or the loss of the store would. */
  clear(): void;
  /** Number of keys of a partition. */
  size(partition: GroupPartition): number;
}

const EMPTY: StatePosition = { revision: 0, next: null, windowStart: null, time: 0 };

/** A state store in memory: the same meaning as the durable ones, for tests and fakes. */
export function createMemoryStateStore(): MemoryStateStore {
  const partitions = new Map<string, Partition>();

  function partitionOf({ group, topic, generation, partition }: GroupPartition): Partition {
    const key = JSON.stringify([group, topic, generation, partition]);
    const found = partitions.get(key) ?? { position: EMPTY, values: new Map() };
    partitions.set(key, found);
    return found;
  }

  return {
    position: async (partition) => partitionOf(partition).position,
    load: async (partition, keys) => {
      const { values } = partitionOf(partition);
      return new Map(
        keys.flatMap((key) => {
          const found = values.get(key);
          return found === undefined ? [] : [[key, found.value] as const];
        }),
      );
    },
    save: async (partition, save) => apply(partitionOf(partition), save),
    due: async (partition, until) =>
      [...partitionOf(partition).values].flatMap(([key, { due }]) =>
        due !== null && due <= until ? [{ key, at: due }] : [],
      ),
    clear: () => partitions.clear(),
    size: (partition) => partitionOf(partition).values.size,
  };
}

function apply(target: Partition, save: StateSave): number | null {
  if (save.expectedRevision !== target.position.revision) return null;
  const revision = save.expectedRevision + 1;
  target.position = { revision, next: save.next, windowStart: save.windowStart, time: save.time };
  for (const key of save.deletes) target.values.delete(key);
  for (const { key, value, due } of save.puts) target.values.set(key, { value, due });
  return revision;
}
