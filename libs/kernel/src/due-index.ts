import type { DueTimer } from './state-store.ts';

/** Timers of one partition, at most one per key, taken in the order (time, key). */
export interface DueIndex {
  /** Sets, moves or (null) removes the key's timer. */
  set(key: string, at: number | null): void;
  /** Removes and answers the earliest timer at or before `until`. */
  take(until: number): DueTimer | null;
  /** Removes and answers the earliest timers at or before `until`, at most `limit`, in order. */
  takeMany(until: number, limit: number): DueTimer[];
  /** Keys whose timers are at or before `until`, in no particular order; nothing is removed. */
  keysUntil(until: number): string[];
  readonly size: number;
}

function before(a: DueTimer, b: DueTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.key < b.key);
}

/** Binary heap with lazy deletion: moved timers stay in the heap until they surface. */
class HeapIndex implements DueIndex {
  readonly #heap: DueTimer[] = [];
  readonly #current = new Map<string, number>();

  get size(): number {
    return this.#current.size;
  }

  set(key: string, at: number | null): void {
    if (at === null) {
      this.#current.delete(key);
      return;
    }
    if (this.#current.get(key) === at) return;
    this.#current.set(key, at);
    this.#push({ key, at });
    if (this.#heap.length > 64 && this.#heap.length > 4 * this.#current.size) this.#rebuild();
  }

  take(until: number): DueTimer | null {
    for (let top = this.#heap[0]; top !== undefined && top.at <= until; top = this.#heap[0]) {
      this.#pop();
      if (this.#current.get(top.key) !== top.at) continue;
      this.#current.delete(top.key);
      return top;
    }
    return null;
  }

  takeMany(until: number, limit: number): DueTimer[] {
    const taken: DueTimer[] = [];
    for (let timer = this.take(until); timer !== null; timer = this.take(until)) {
      taken.push(timer);
      if (taken.length === limit) break;
    }
    return taken;
  }

  keysUntil(until: number): string[] {
    const keys: string[] = [];
    const visit = (at: number): void => {
      const timer = this.#heap[at];
      if (timer === undefined || timer.at > until) return;
      if (this.#current.get(timer.key) === timer.at) keys.push(timer.key);
      visit(2 * at + 1);
      visit(2 * at + 2);
    };
    visit(0);
    return keys;
  }

  #rebuild(): void {
    this.#heap.length = 0;
    for (const [key, at] of this.#current) this.#push({ key, at });
  }

  #push(timer: DueTimer): void {
    let at = this.#heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = this.#heap[parent];
      if (other === undefined || !before(timer, other)) break;
      this.#heap[at] = other;
      at = parent;
    }
    this.#heap[at] = timer;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let at = 0;
    for (;;) {
      const child = this.#smallerChild(at);
      const other = this.#heap[child];
      if (other === undefined || !before(other, last)) break;
      this.#heap[at] = other;
      at = child;
    }
    this.#heap[at] = last;
  }

  #smallerChild(at: number): number {
    const left = this.#heap[2 * at + 1];
    const right = this.#heap[2 * at + 2];
    return left !== undefined && right !== undefined && before(right, left) ? 2 * at + 2 : 2 * at + 1;
  }
}

export function createDueIndex(timers: Iterable<DueTimer> = []): DueIndex {
  const index = new HeapIndex();
  for (const { key, at } of timers) index.set(key, at);
  return index;
}
