import type { Watermarks } from '@productgraph/kernel';

/** Watermarks of every partition of a topic, by its name on the brokers. */
export type FetchWatermarks = (name: string) => Promise<ReadonlyMap<number, Watermarks>>;

/**
 * Looks up watermarks, one request at a time for a topic: who asks while one is under way gets the answer of the next, which is asked
 * for later than their question. So many partitions that ask at once cost one request.
 */
export class WatermarkReader {
  readonly #fetch: FetchWatermarks;
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Promise<ReadonlyMap<number, Watermarks>>>();

  constructor(fetch: FetchWatermarks) {
    this.#fetch = fetch;
  }

  of(name: string): Promise<ReadonlyMap<number, Watermarks>> {
    const next = this.#next.get(name);
    if (next !== undefined) return next;
    // Partitions that are assigned together, or rest together, ask in the same turn of the event loop.
    const before = this.#running.get(name) ?? new Promise((resolve) => setImmediate(resolve));
    const waiting = before.then(() => {
      this.#next.delete(name);
      return this.#begin(name);
    });
    this.#next.set(name, waiting);
    return waiting;
  }

  #begin(name: string): Promise<ReadonlyMap<number, Watermarks>> {
    const answer = this.#fetch(name);
    const settled = answer
      .catch(() => undefined)
      .then(() => {
        if (this.#running.get(name) === settled) this.#running.delete(name);
      });
    this.#running.set(name, settled);
    return answer;
  }
}
