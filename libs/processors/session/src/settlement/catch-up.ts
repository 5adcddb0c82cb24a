import { SESSION_GROUP } from '../session-task.ts';
import type { GroupPartition, PartitionRef } from '@productgraph/kernel';
import type { SettlementDeps } from './options.ts';

/** Whose positions say what the store has. */
const WRITER_GROUP = 'event-writer';

export const sessionGroup = (partition: PartitionRef): GroupPartition => ({ ...partition, group: SESSION_GROUP });
const writerGroup = (partition: PartitionRef): GroupPartition => ({ ...partition, group: WRITER_GROUP });

/** What has to be done before the store may be asked. */
export type Missing = 'sessions folded' | 'events stored' | 'sessions stored';

/**
 * Makes sure that the store holds everything that was in the log when this began: events, and the rows that the live fold and
 * earlier corrections made of them. Each check notes the log's end first, so that it ends under constant traffic.
 */
export class CatchUp {
  readonly #partition: PartitionRef;
  readonly #deps: SettlementDeps;
  readonly #events: number;
  #sessions: { readonly partition: PartitionRef; readonly offset: number } | null = null;
  /** Offset of the last event record that the store has for certain. */
  #stored = -1;

  private constructor(partition: PartitionRef, events: number, deps: SettlementDeps) {
    this.#partition = partition;
    this.#events = events;
    this.#deps = deps;
  }

  static async begin(partition: PartitionRef, deps: SettlementDeps): Promise<CatchUp> {
    return new CatchUp(partition, (await deps.log.watermarks(partition)).high, deps);
  }

  get stored(): number {
    return this.#stored;
  }

  /** Corrections were appended: they have to be stored before the next look. */
  again(): void {
    this.#sessions = null;
  }

  /** What is missing still; null = the store may be asked. */
  async missing(): Promise<Missing | null> {
    const { state, store } = this.#deps;
    if (this.#sessions === null) {
      const folded = (await state.position(sessionGroup(this.#partition))).next ?? 0;
      if (folded < this.#events) return 'sessions folded';
      const stored = (await store.position(writerGroup(this.#partition))).next ?? 0;
      if (stored < this.#events) return 'events stored';
      this.#stored = stored - 1;
      this.#sessions = await this.#noteSessions();
    }
    const { partition, offset } = this.#sessions;
    const stored = (await store.position(writerGroup(partition))).next ?? 0;
    return stored < offset ? 'sessions stored' : null;
  }

  async #noteSessions(): Promise<{ readonly partition: PartitionRef; readonly offset: number }> {
    const { log } = this.#deps;
    const { generation } = await log.topic('sessions');
    const partition: PartitionRef = { topic: 'sessions', generation, partition: this.#partition.partition };
    return { partition, offset: (await log.watermarks(partition)).high };
  }
}
