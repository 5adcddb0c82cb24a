import type { ConsumedRecord } from '@productgraph/kernel';
import { HeldBuffers } from './held-buffers.ts';

/** Held records of a stream: those with first ≤ offset < next. */
interface Tail {
  first: number;
  next: number;
  readonly records: Map<number, ConsumedRecord>;
}

/**
 * The newest records, shared by all groups of this process: what was just appended is handed on as the same objects, so a
 * consumer that keeps up never reads from the server. Bounded by bytes over all streams; the oldest appended goes first.
 */
export class TailCache {
  readonly #maxBytes: number;
  readonly #tails = new Map<number, Tail>();
  /** Streams in order of addition, one entry per record: whom to evict from next. Entries before `#done` are used up. */
  #order: number[] = [];
  #done = 0;
  readonly #held = new HeldBuffers();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes kept in memory. */
  get bytes(): number {
    return this.#held.bytes;
  }

  /** Adds records of one stream, contiguous among themselves. After a gap (another process appended) the tail starts anew. */
  add(stream: number, records: readonly ConsumedRecord[]): void {
    const from = records[0]?.offset;
    if (from === undefined) return;
    const tail = this.#tails.get(stream) ?? { first: from, next: from, records: new Map<number, ConsumedRecord>() };
    this.#tails.set(stream, tail);
    if (tail.next !== from) this.#forget(tail, from);
    for (const record of records) {
      tail.records.set(record.offset, record);
      tail.next = record.offset + 1;
      this.#order.push(stream);
      this.#held.hold(record);
    }
    while (this.bytes > this.#maxBytes) this.#evictOne();
  }

  /** At most `max` records from `offset` on; null when `offset` is not held. */
  read(stream: number, offset: number, max: number): readonly ConsumedRecord[] | null {
    const tail = this.#tails.get(stream);
    if (tail === undefined || offset < tail.first || offset >= tail.next) return null;
    const found: ConsumedRecord[] = [];
    for (let at = offset; at < tail.next && found.length < max; at++) {
      const record = tail.records.get(at);
      if (record !== undefined) found.push(record);
    }
    return found;
  }

  /** Empties a tail; its entries in the order meet nothing later and do no harm. */
  #forget(tail: Tail, next: number): void {
    for (const record of tail.records.values()) this.#held.release(record);
    tail.records.clear();
    tail.first = next;
    tail.next = next;
  }

  #evictOne(): void {
    const tail = this.#tails.get(this.#order[this.#done++] ?? -1);
    const record = tail?.records.get(tail.first);
    if (tail !== undefined && record !== undefined) {
      this.#held.release(record);
      tail.records.delete(tail.first);
      tail.first++;
    }
    // Cut off in one go now and then: shifting an array entry by entry costs its length each time.
    if (this.#done > 4096) {
      this.#order = this.#order.slice(this.#done);
      this.#done = 0;
    }
  }
}
