import type { Hash64 } from '@productgraph/contracts';

/** Uses are noted in 32 bits. */
const LAST_USE = 0xffff_ffff;

/** A set of 64-bit hashes of known greatest size, to be used again: the event ids of one request, at a tenth of what a Set of strings costs. */
export class IdSet {
  #mask = 0;
  /** Two halves a place, and the use in which it was taken. */
  #halves = new Uint32Array(0);
  #takenIn = new Uint32Array(0);
  #use = 0;
  readonly #lastUse: number;

  /** @param lastUse uses after which the notes start over */
  constructor(lastUse = LAST_USE) {
    this.#lastUse = lastUse;
  }

  /** Empties the set. @param size most hashes that will be added */
  clear(size: number): void {
    // At most half full, so that the next free place is near.
    if (this.#takenIn.length < size * 2) {
      const places = 2 ** Math.ceil(Math.log2(size * 2));
      this.#halves = new Uint32Array(places * 2);
      this.#takenIn = new Uint32Array(places);
      this.#mask = places - 1;
      this.#use = 0;
    }
    if (++this.#use > this.#lastUse) {
      this.#takenIn.fill(0);
      this.#use = 1;
    }
  }

  /** Adds a hash. False when it was there already. */
  add({ hi, lo }: Hash64): boolean {
    for (let place = lo & this.#mask; ; place = (place + 1) & this.#mask) {
      if (this.#takenIn[place] !== this.#use) {
        this.#takenIn[place] = this.#use;
        this.#halves[2 * place] = hi;
        this.#halves[2 * place + 1] = lo;
        return true;
      }
      if (this.#halves[2 * place] === hi && this.#halves[2 * place + 1] === lo) return false;
    }
  }
}
