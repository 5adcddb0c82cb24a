/**
 * The last `size` events of a partition by 8-byte id hash, duplicates included, cut at the exact event.
 * A pure function of the log: every processor that reads the same bytes reaches the same verdicts.
 * Memory: 8 bytes per event for the ring plus 4 bytes per slot of a table at most half full (0.9 MB for 50,000 events).
 */
export interface DedupeWindow {
  /** Adds one event; true when the same hash is among the `size` events before it. */
  add(hi: number, lo: number): boolean;
  clear(): void;
}

class RingWindow implements DedupeWindow {
  readonly #size: number;
  readonly #mask: number;
  readonly #hi: Uint32Array;
  readonly #lo: Uint32Array;
  /** Ring slot + 1 of the latest occurrence of a hash; 0 = free. Linear probing, deletion by backward shift. */
  readonly #table: Uint32Array;
  #count = 0;

  constructor(size: number) {
    this.#size = size;
    const capacity = 2 ** Math.ceil(Math.log2(size * 2 + 2));
    this.#mask = capacity - 1;
    this.#hi = new Uint32Array(size);
    this.#lo = new Uint32Array(size);
    this.#table = new Uint32Array(capacity);
  }

  add(hi: number, lo: number): boolean {
    const slot = this.#count % this.#size;
    const known = this.#table[this.#find(hi, lo)] !== 0;
    if (this.#count >= this.#size) this.#evict(slot);
    this.#hi[slot] = hi;
    this.#lo[slot] = lo;
    this.#table[this.#find(hi, lo)] = slot + 1;
    this.#count++;
    return known;
  }

  clear(): void {
    this.#table.fill(0);
    this.#count = 0;
  }

  /** Index of the entry with that hash, or of the free entry where it belongs. */
  #find(hi: number, lo: number): number {
    let at = lo & this.#mask;
    for (;;) {
      const entry = this.#table[at] ?? 0;
      if (entry === 0 || (this.#hi[entry - 1] === hi >>> 0 && this.#lo[entry - 1] === lo >>> 0)) return at;
      at = (at + 1) & this.#mask;
    }
  }

  /** Forgets the event in `slot`, unless the same hash has occurred again since. */
  #evict(slot: number): void {
    const at = this.#find(this.#hi[slot] ?? 0, this.#lo[slot] ?? 0);
    if (this.#table[at] !== slot + 1) return;
    let hole = at;
    let next = (hole + 1) & this.#mask;
    for (let entry = this.#table[next] ?? 0; entry !== 0; entry = this.#table[next] ?? 0) {
      const home = (this.#lo[entry - 1] ?? 0) & this.#mask;
      // The entry may move into the hole unless its home lies cyclically after the hole.
      if (((next - home) & this.#mask) >= ((next - hole) & this.#mask)) {
        this.#table[hole] = entry;
        hole = next;
      }
      next = (next + 1) & this.#mask;
    }
    this.#table[hole] = 0;
  }
}

/**
 * @param size events remembered, ≥ 1
 * @throws RangeError for a size that is not a positive integer
 */
export function createDedupeWindow(size: number): DedupeWindow {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`A dedupe window holds at least one event, not ${String(size)}`);
  return new RingWindow(size);
}
