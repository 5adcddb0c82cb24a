import type { Clock } from './clock.ts';
import type { ConsumedRecord, Lag, PartitionHandler, PartitionRef, Subscription, Watermarks } from './event-log.ts';
import { backoffDelay } from './retry.ts';

/** What a log adapter offers of one partition so that {@link pollPartition} can serve a handler from it. */
export interface PartitionSource {
  watermarks(): Promise<Watermarks>;
  /** At most `maxRecords` from `offset` on; none at the log's end. `high` is the end as far as this process knows. */
  read(offset: number, maxRecords: number): Promise<{ records: readonly ConsumedRecord[]; high: number }>;
  /** Resolves when records beyond `offset` may be there, after `ms`, or when aborted. Never rejects. */
  waitBeyond(offset: number, ms: number, signal: AbortSignal): Promise<void>;
}

export interface PollOptions {
  readonly partition: PartitionRef;
  readonly source: PartitionSource;
  readonly handler: PartitionHandler;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive: spreads the back-off. */
  readonly random: () => number;
  /** Records per batch, at most. Default 64. */
  readonly maxRecords?: number;
  /** Delay between `idle` calls at the log's end, milliseconds. Default 1,000. */
  readonly idleMs?: number;
  /** See {@link ConsumeOptions.gatherMs}. Default 0. */
  readonly gatherMs?: number;
}

/** A partition being served. */
export interface PartitionPoll {
  readonly partition: PartitionRef;
  /** Next offset to read; null before the handler has first said so. */
  position(): number | null;
  fault(): { readonly error: string; readonly since: number } | null;
  /** Lets the call in hand finish, then revokes. Rejects with what `revoked` threw. */
  stop(): Promise<void>;
}

/** The handler wants to read where the log has nothing: before its first record, or after its end. */
class OffsetOutOfRange extends Error {
  override readonly name = 'OffsetOutOfRange';
}

/** Multiples of it, cut to their fraction, lie evenly however many there are. */
const GOLDEN_RATIO = 0.618_033_988_75;
const BACKOFF = { firstDelayMs: 100, maxDelayMs: 5000 };

/**
 * Serves one partition by pulling: assigned, then batches and idle calls, one at a time, until stopped. What the handler or
 * the source throws is a fault: wait (growing, at most 5 s) and start again with `assigned`.
 */
export function pollPartition(options: PollOptions): PartitionPoll {
  const loop = new PollLoop(options);
  const ended = loop.run();
  // Told by stop(); without a listener until then a rejection would end the process.
  ended.catch(() => undefined);
  return {
    partition: options.partition,
    position: () => loop.position,
    fault: () => loop.fault,
    stop: () => {
      loop.stopping.abort();
      return ended;
    },
  };
}

class PollLoop {
  readonly stopping = new AbortController();
  position: number | null = null;
  fault: { readonly error: string; readonly since: number } | null = null;
  readonly #options: PollOptions;
  readonly #idleMs: number;
  #failures = 0;
  #owned = false;
  #idleAt = 0;

  constructor(options: PollOptions) {
    this.#options = options;
    this.#idleMs = options.idleMs ?? 1000;
  }

  async run(): Promise<void> {
    while (!this.#stopped()) {
      try {
        await this.#serve();
      } catch (error) {
        await this.#backOff(error);
      }
    }
    if (this.#owned) await this.#options.handler.revoked(this.#options.partition);
  }

  async #serve(): Promise<void> {
    const { source, handler, partition, clock } = this.#options;
    const marks = await source.watermarks();
    if (this.#stopped()) return;
    const from = await handler.assigned(partition, marks);
    this.#owned = true;
    this.position = inRange(from, marks, partition);
    this.#idleAt = clock.now();
    let next = this.position;
    while (!this.#stopped()) {
      next = await this.#step(next);
      this.position = next;
    }
  }

  /** One batch, one idle call, or one wait. Answers the next offset to read. */
  async #step(next: number): Promise<number> {
    const { records, high } = await this.#options.source.read(next, this.#options.maxRecords ?? 64);
    if (this.#stopped()) return next;
    if (records.length === 0 && next < high) throw trimmed(this.#options.partition, next, high);
    const began = this.#options.clock.now();
    const answer = records.length > 0 ? await this.#batch(next, records, high) : next;
    if (answer < high || this.#stopped()) return answer;
    return records.length > 0 ? this.#gather(answer, began) : this.#rest(answer);
  }

  /** Idles when it is time to; then lets records gather for the next batch. */
  async #gather(next: number, began: number): Promise<number> {
    const { clock, gatherMs = 0 } = this.#options;
    const isIdleDue = this.#idleAt + this.#idleMs <= clock.now();
    const answer = isIdleDue ? await this.#idle(next) : next;
    // Bounded: the wall clock may have been set back meanwhile.
    if (!this.#stopped()) await this.#sleep(Math.min(this.#nextSlot(began) - clock.now(), gatherMs));
    return answer;
  }

  /** Nothing to read: an idle call when it is time for one, else a wait. */
  async #rest(next: number): Promise<number> {
    const untilIdle = this.#idleAt + this.#idleMs - this.#options.clock.now();
    if (untilIdle <= 0) return this.#idle(next);
    await this.#options.source.waitBeyond(next, untilIdle, this.stopping.signal);
    return next;
  }

  async #batch(next: number, records: readonly ConsumedRecord[], high: number): Promise<number> {
    const { source, handler, partition } = this.#options;
    const first = records[0]?.offset ?? next;
    if (first !== next) throw trimmed(partition, next, first);
    const answer = await handler.batch({ partition, records, high });
    this.#succeeded();
    const isSeek = answer !== next + records.length;
    return isSeek ? inRange(answer, await source.watermarks(), partition) : answer;
  }

  /** Timers may follow the wall clock only at the log's real end: looked up again, another process may have appended. */
  async #idle(next: number): Promise<number> {
    const { source, handler, partition, clock } = this.#options;
    const marks = await source.watermarks();
    if (marks.high > next || this.#stopped()) return next;
    this.#idleAt = clock.now();
    const answer = await handler.idle(partition);
    this.#succeeded();
    return answer === null || answer === next ? next : inRange(answer, await source.watermarks(), partition);
  }

  /**
   * When a batch may begin after one that began at `began`: on a grid of times, the same one for all groups, so that what was decoded for
   * one group is still at hand for the next; each partition has its own, so that they take turns.
   */
  #nextSlot(began: number): number {
    const { gatherMs = 0, partition } = this.#options;
    if (gatherMs === 0) return began;
    const shift = Math.floor((partition.partition * GOLDEN_RATIO * gatherMs) % gatherMs);
    return (Math.floor((began - shift) / gatherMs) + 1) * gatherMs + shift;
  }

  #succeeded(): void {
    this.#failures = 0;
    this.fault = null;
  }

  async #backOff(error: unknown): Promise<void> {
    const { clock, random } = this.#options;
    const text = error instanceof Error ? error.message : String(error);
    this.fault = { error: text, since: this.fault?.since ?? clock.now() };
    this.#failures++;
    await this.#sleep(backoffDelay(BACKOFF, this.#failures, random));
  }

  async #sleep(ms: number): Promise<void> {
    if (ms <= 0) return;
    await this.#options.clock.sleep(ms, this.stopping.signal).catch((reason: unknown) => {
      // Being stopped is the reason to wake up early; anything else is a broken clock.
      if (!this.#stopped()) throw reason;
    });
  }

  #stopped(): boolean {
    return this.stopping.signal.aborted;
  }
}

function inRange(offset: number, marks: Watermarks, partition: PartitionRef): number {
  if (offset < marks.low) throw trimmed(partition, offset, marks.low);
  if (offset > marks.high) {
    throw new OffsetOutOfRange(`log_went_back: ${nameOf(partition)} ends at ${marks.high}, asked for ${offset}`);
  }
  return offset;
}

function trimmed(partition: PartitionRef, asked: number, first: number): OffsetOutOfRange {
  return new OffsetOutOfRange(`log_trimmed: ${nameOf(partition)} has nothing from ${asked} up to ${first} any more`);
}

function nameOf({ topic, generation, partition }: PartitionRef): string {
  return `${topic}.${generation}[${partition}]`;
}

/** The subscription over a group's partitions. */
export function subscriptionOf(polls: readonly PartitionPoll[], lag: () => Promise<Lag[]>): Subscription {
  return {
    lag,
    faults: () =>
      polls.flatMap((poll) => {
        const fault = poll.fault();
        return fault === null ? [] : [{ partition: poll.partition, ...fault }];
      }),
    stop: async () => {
      const results = await Promise.allSettled(polls.map((poll) => poll.stop()));
      const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      if (errors.length > 0) throw new AggregateError(errors, 'Some partitions could not be revoked');
    },
  };
}
