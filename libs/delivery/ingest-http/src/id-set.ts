import type { Hash64 } from '@productgraph/contracts';

/** A set of 64-bit hashes of known greatest size: the event ids of one request, at a tenth of what a Set of strings costs. */
export class IdSet {
  readonly #mask: number;
  /** Two halves a place, and whether it is taken. */
  readonly #halves: Uint32Array;
  readonly #taken: Uint8Array;

  /** @param size most hashes that will be added */
  constructor(size: number) {
    // At most half full, so that the next free place is near.
    const places = 2 ** Math.ceil(Math.log2(Math.max(2, size * 2)));
    this.#mask = places - 1;
    this.#halves = new Uint32Array(places * 2);
    this.#taken = new Uint8Array(places);
  }

  /** Adds a hash. False when it was there already. */
  add({ hi, lo }: Hash64): boolean {
    for (let place = lo & this.#mask; ; place = (place + 1) & this.#mask) {
      if (this.#taken[place] === 0) {
        this.#taken[place] = 1;
        this.#halves[2 * place] = hi;
        this.#halves[2 * place + 1] = lo;
        return true;
      }
      if (this.#halves[2 * place] === hi && this.#halves[2 * place + 1] === lo) return false;
    }
  }
}
