import type { Clock, Watermarks } from '@productgraph/kernel';
import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

/** Looked-up ends of the log this young are taken as they are. */
const FRESH_MS = 50;

/**
 * What this process knows of the ends of the streams: from its own appends at once, from other processes' by looking.
 * Many loops ask at the log's end; they share one look-up.
 */
export class Heads {
  readonly #pools: Pools;
  readonly #clock: Clock;
  readonly #marks = new Map<number, Watermarks>();
  readonly #waiting = new Map<number, Set<() => void>>();
  #look: Promise<void> | null = null;
  #lookedAt = -Infinity;

  constructor(pools: Pools, clock: Clock) {
    this.#pools = pools;
    this.#clock = clock;
  }

  /** End of the stream as far as known; 0 before anything is. */
  high(stream: number): number {
    return this.#marks.get(stream)?.high ?? 0;
  }

  /** The stream reaches up to `high` now: wakes who waits for that. */
  advance(stream: number, high: number): void {
    const known = this.#marks.get(stream) ?? { low: 0, high: 0 };
    if (high <= known.high) return;
    this.#marks.set(stream, { low: known.low, high });
    for (const wake of this.#waiting.get(stream) ?? []) wake();
  }

  /** Watermarks, at most 50 ms behind what other processes do. */
  async watermarks(stream: number): Promise<Watermarks> {
    const known = this.#marks.get(stream);
    if (known !== undefined && this.#clock.now() - this.#lookedAt < FRESH_MS) return known;
    await this.refresh();
    return this.#marks.get(stream) ?? { low: 0, high: 0 };
  }

  /** Watermarks as they are now. */
  async exact(stream: number): Promise<Watermarks> {
    await this.refreshAnew();
    return this.#marks.get(stream) ?? { low: 0, high: 0 };
  }

  /** Reads all heads by a query that begins after this call. */
  async refreshAnew(): Promise<void> {
    await this.#look?.catch(() => undefined);
    await this.refresh();
  }

  /** Reads all heads; callers at the same time share one query, which began after the first of them asked. */
  refresh(): Promise<void> {
    this.#look ??= this.#readAll().finally(() => (this.#look = null));
    return this.#look;
  }

  /** Resolves when the stream reaches beyond `offset`, after `ms`, or when aborted. */
  async waitBeyond(stream: number, offset: number, limit: { ms: number; signal: AbortSignal }): Promise<void> {
    if (limit.signal.aborted || this.high(stream) > offset) return;
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    const waiting = this.#waiting.get(stream) ?? new Set();
    this.#waiting.set(stream, waiting.add(wake));
    // Woken, aborted or slept: all the same to the caller.
    await this.#clock.sleep(limit.ms, AbortSignal.any([limit.signal, woken.signal])).catch(() => undefined);
    waiting.delete(wake);
  }

  async #readAll(): Promise<void> {
    const began = this.#clock.now();
    const { rows } = await runStatement<{ stream: number; low: number; next: number }>(
      this.#pools.statements,
      'writer',
      {
        text: 'SELECT stream, low, next FROM log_head',
        values: [],
      },
    );
    for (const { stream, low, next } of rows) {
      // An own append may have become known while the query was under way: ends only move forward.
      this.#marks.set(stream, { low, high: this.high(stream) });
      this.advance(stream, next);
    }
    this.#lookedAt = began;
  }
}
