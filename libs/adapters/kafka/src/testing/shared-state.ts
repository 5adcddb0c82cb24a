import type { LogBatch, PartitionHandler, PartitionRef } from '@productgraph/kernel';
import { systemClock } from '@productgraph/testing';

/** What a store outside of all processes would hold of one partition: position and effects, moved in one step. */
interface Kept {
  next: number;
  readonly names: string[];
}

/** State of all partitions as several processes share it. */
export class SharedState {
  readonly #kept = new Map<number, Kept>();
  misses = 0;

  of(partition: number): Kept {
    const kept = this.#kept.get(partition) ?? { next: 0, names: [] };
    this.#kept.set(partition, kept);
    return kept;
  }

  get total(): number {
    return [...this.#kept.values()].reduce((sum, { names }) => sum + names.length, 0);
  }

  /** A processor in the way of the kernel's runner: begins where the state is, moves it by compare-and-set. */
  handler(onBatch: (ref: PartitionRef) => void = () => undefined, workMs = 2): PartitionHandler {
    return {
      assigned: async ({ partition }) => this.of(partition).next,
      batch: async ({ partition, records }: LogBatch) => {
        onBatch(partition);
        const first = records[0]?.offset ?? 0;
        await systemClock.sleep(workMs);
        const kept = this.of(partition.partition);
        if (kept.next !== first) {
          this.misses++;
          return kept.next;
        }
        kept.names.push(...records.map(({ producer }) => producer));
        kept.next = first + records.length;
        return kept.next;
      },
      idle: async () => null,
      revoked: async () => undefined,
    };
  }
}
