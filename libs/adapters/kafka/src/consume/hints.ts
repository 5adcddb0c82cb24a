import type { Consumer } from 'kafkajs';

/** Where a group stands on one partition. */
export interface Hint {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to read. */
  readonly position: number;
  /** Nothing before it is needed; kept as the commit's metadata. */
  readonly keepFrom: number;
}

/** Committed offsets of a group: hints for people and tools, never read back. The newest of each partition is written now and then. */
export class Hints {
  #notes = new Map<string, Hint>();
  #writing: Promise<void> = Promise.resolve();

  note(hint: Hint): void {
    this.#notes.set(`${hint.topic} ${hint.partition}`, hint);
  }

  /** Writes what was noted. What could not be written is noted again unless there is something newer. */
  flush(consumer: Pick<Consumer, 'commitOffsets'>): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(consumer)).catch(() => undefined);
    return this.#writing;
  }

  async #write(consumer: Pick<Consumer, 'commitOffsets'>): Promise<void> {
    const notes = this.#notes;
    if (notes.size === 0) return;
    this.#notes = new Map();
    try {
      await consumer.commitOffsets(
        [...notes.values()].map(({ topic, partition, position, keepFrom }) => ({
          topic,
          partition,
          offset: String(position),
          metadata: String(keepFrom),
        })),
      );
    } catch {
      this.#notes = new Map([...notes, ...this.#notes]);
    }
  }
}
