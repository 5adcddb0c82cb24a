import { LogUnavailable } from '@productgraph/kernel';
import type { LogRecord } from '@productgraph/contracts';
import type { Pool } from 'pg';
import { codeOf } from '../faults.ts';
import { runStatement } from '../statement.ts';
import { HeldBuffers } from './held-buffers.ts';
import { appendStatement, type StreamAppend } from './records.ts';

export interface AppenderOptions {
  /** A pipelined pool of one connection: appends are one after the other in any case, they share the head rows. */
  readonly pool: Pool;
  /** Bound on memory of what waits or is under way, bytes; beyond it appends are refused. */
  readonly maxBytes: number;
  /** Bound on bytes of one transaction. */
  readonly maxBatchBytes: number;
  /** Told of each stream's new records once they are durable, before the callers are. */
  readonly onAppended: (stream: number, first: number, records: readonly LogRecord[]) => void;
  /** Makes room for that many records per stream when the log has no segment for an offset. */
  readonly makeSegments: (room: number) => Promise<unknown>;
}

interface Waiting {
  readonly appends: readonly StreamAppend[];
  /** To be sent. */
  readonly bytes: number;
  readonly resolve: (firsts: number[]) => void;
  readonly reject: (error: LogUnavailable) => void;
}

/** SQLSTATE of "no partition of relation found for row". */
const NO_SEGMENT = '23514';
const MAX_ATTEMPTS = 10;

/**
 * Group commit: an append that finds none under way goes at once; those that come while one is under way go together in
 * the next transaction. So the delay is nothing when idle and one commit (a millisecond or two) under load.
 */
export class Appender {
  readonly #options: AppenderOptions;
  #waiting: Waiting[] = [];
  readonly #held = new HeldBuffers();
  #running: Promise<void> | null = null;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** Memory of what waits or is under way, bytes. */
  get bytes(): number {
    return this.#held.bytes;
  }

  /** Answers the offset of the first record of each append. @throws LogUnavailable */
  append(appends: readonly StreamAppend[]): Promise<number[]> {
    const before = this.bytes;
    this.#hold(appends);
    // A single append larger than the bound goes through when nothing else is there: it would never otherwise.
    if (before > 0 && this.bytes > this.#options.maxBytes) {
      this.#release(appends);
      return Promise.reject(new LogUnavailable(`The log has ${before} bytes waiting to be written and takes no more`));
    }
    const bytes = sizeOf(appends);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ appends, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing is waiting or under way. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Requests that arrived in the same turn of the event loop go together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      await this.#write(batch);
    }
    this.#running = null;
  }

  #take(): Waiting[] {
    let bytes = 0;
    const fits = this.#waiting.findIndex((one, index) => {
      bytes += one.bytes;
      return index > 0 && bytes > this.#options.maxBatchBytes;
    });
    return this.#waiting.splice(0, fits === -1 ? this.#waiting.length : fits);
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const merged = merge(batch);
    try {
      const firsts = await this.#commit(merged);
      for (const [index, { stream, records }] of merged.entries()) {
        this.#options.onAppended(stream, firsts[index] ?? 0, records);
      }
      settle(batch, new Map(merged.map(({ stream }, index) => [stream, firsts[index] ?? 0])));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const unavailable = new LogUnavailable(`The log could not be written: ${reason}`, { cause: error });
      for (const one of batch) one.reject(unavailable);
    } finally {
      for (const one of batch) this.#release(one.appends);
    }
  }

  #hold(appends: readonly StreamAppend[]): void {
    for (const { records } of appends) for (const record of records) this.#held.hold(record);
  }

  #release(appends: readonly StreamAppend[]): void {
    for (const { records } of appends) for (const record of records) this.#held.release(record);
  }

  async #commit(merged: readonly StreamAppend[]): Promise<number[]> {
    const statement = appendStatement(merged);
    const room = Math.max(...merged.map((append) => append.records.length));
    for (let attempt = 1; ; attempt++) {
      try {
        const { rows } = await runStatement<{ firsts: string[] }>(this.#options.pool, 'writer', statement);
        // The driver gives bigint arrays as texts.
        return rows[0]?.firsts.map(Number) ?? [];
      } catch (error) {
        if (codeOf(error) !== NO_SEGMENT || attempt >= MAX_ATTEMPTS) throw error;
        // The maker of segments fell behind and nothing was written; another process may be quick to use up the new ones.
        await this.#options.makeSegments(room);
      }
    }
  }
}

function sizeOf(appends: readonly StreamAppend[]): number {
  let bytes = 0;
  for (const { records } of appends) {
    for (const record of records) bytes += record.payload.length + record.ids.length + 256;
  }
  return bytes;
}

/** One entry per stream, ascending: the order in which heads are locked. */
function merge(batch: readonly Waiting[]): StreamAppend[] {
  const streams = new Map<number, LogRecord[]>();
  for (const { stream, records } of batch.flatMap((one) => one.appends)) {
    const found = streams.get(stream);
    if (found === undefined) streams.set(stream, [...records]);
    else for (const record of records) found.push(record);
  }
  return [...streams].sort(([a], [b]) => a - b).map(([stream, records]) => ({ stream, records }));
}

/** Hands each caller its own first offsets: records were written in the order in which the callers came. */
function settle(batch: readonly Waiting[], next: Map<number, number>): void {
  for (const { appends, resolve } of batch) {
    resolve(
      appends.map(({ stream, records }) => {
        const first = next.get(stream) ?? 0;
        next.set(stream, first + records.length);
        return first;
      }),
    );
  }
}
