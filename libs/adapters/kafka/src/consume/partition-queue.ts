import type { Clock, ConsumedRecord, PartitionSource, Watermarks } from '@productgraph/kernel';

/** How fetching of one partition is steered. Calls while the group is being joined have no effect; joining begins anew. */
export interface Feed {
  /** The next fetch begins at `offset`. */
  seek(offset: number): void;
  pause(): void;
  resume(): void;
}

export interface PartitionQueueOptions {
  readonly feed: Feed;
  readonly watermarks: () => Promise<Watermarks>;
  readonly clock: Clock;
  /** Fetching pauses when so many bytes are queued and goes on at half of it. */
  readonly maxBytes: number;
  /** With records known to be there and none coming for so long, reading fails, milliseconds. */
  readonly stallMs: number;
}

/** What one fetch brought of the partition. */
export interface Fetched {
  readonly records: readonly ConsumedRecord[];
  /** The partition's high watermark at that time. */
  readonly high: number;
}

/** A read waits so long for what is known to be there before it answers "nothing yet", milliseconds. */
const ARRIVAL_MS = 250;

/** A read ends with the record that makes it so many events: a batch is decoded as a whole, 2 to 3 KB an event. */
const MAX_EVENTS = 2_000;

/** Between kafkajs, which pushes what it fetches, and the kernel's loop, which pulls: records of one partition, contiguous, bounded. */
export class PartitionQueue implements PartitionSource {
  readonly #options: PartitionQueueOptions;
  #records: ConsumedRecord[] = [];
  #bytes = 0;
  /** Offset that the next fetched record must have; null before the first read. */
  #next: number | null = null;
  #high = 0;
  #paused = true;
  /** A fetch brought what does not follow: fetched before a seek, or the log has nothing there (any more). */
  #suspect = false;
  #waiters = new Set<() => void>();
  #closed = false;
  #arrivedAt = 0;
  /** First record of what was handed out last. */
  #handed: { readonly offset: number; readonly receivedAt: number; readonly at: number } | null = null;
  /** When the log's end was seen last, Unix milliseconds; at first, when it might have been. */
  #endSeenAt: number;

  constructor(options: PartitionQueueOptions) {
    this.#options = options;
    this.#endSeenAt = options.clock.now();
  }

  /** Offset from which fetching has to go on, after the group was joined anew; null = not yet known. */
  get next(): number | null {
    return this.#next;
  }

  /** Whether fetching stands still because enough is queued, or because nobody has read yet. */
  get paused(): boolean {
    return this.#paused;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes what follows and drops the rest. Answers the last offset taken, null when none was. */
  offer({ records, high }: Fetched): number | null {
    if (this.#next === null || this.#closed) return null;
    const next = this.#next;
    const fresh = following(records, next);
    if (fresh.length === 0) {
      this.#suspect = true;
      this.#wake();
      return null;
    }
    for (const record of fresh) {
      this.#records.push(record);
      this.#bytes += sizeOf(record);
    }
    const last = next + fresh.length - 1;
    this.#next = last + 1;
    this.#high = Math.max(high, this.#next);
    this.#arrivedAt = this.#options.clock.now();
    if (high <= this.#next) this.#endSeenAt = this.#arrivedAt;
    if (!this.#paused && this.#bytes >= this.#options.maxBytes) this.#pause();
    this.#wake();
    return last;
  }

  async watermarks(): Promise<Watermarks> {
    const marks = await this.#options.watermarks();
    this.#high = marks.high;
    if (this.#next !== null && this.#records.length === 0 && marks.high <= this.#next) this.#endSeenAt = this.#now();
    return marks;
  }

  async read(offset: number, maxRecords: number): Promise<{ records: readonly ConsumedRecord[]; high: number }> {
    if (offset !== this.#head()) this.#seek(offset);
    if (this.#records.length === 0 && (this.#suspect || this.#high > offset)) {
      const gone = await this.#missing(offset);
      if (gone !== null) return { records: [], high: gone };
    }
    const records = this.#take(maxRecords);
    const first = records[0];
    // What was not fetched is as good as not there: the loop comes again when something has come.
    if (first === undefined) return { records, high: offset };
    this.#handed = { offset, receivedAt: first.receivedAt, at: this.#now() };
    return { records, high: Math.max(this.#high, offset + records.length) };
  }

  async waitBeyond(_offset: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#records.length > 0 || this.#suspect || this.#closed || signal.aborted) return;
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#waiters.add(wake);
    // Woken, aborted or slept: all the same to the caller.
    await this.#options.clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    this.#waiters.delete(wake);
  }

  /** When the record at `position` came, Unix milliseconds; while it is not fetched yet, the best that is known instead. */
  oldestUnread(position: number): number {
    const handed = this.#handed;
    if (handed?.offset === position) return handed.receivedAt;
    const queued = this.#records[0];
    if (queued?.offset === position) return queued.receivedAt;
    return handed === null || this.#endSeenAt > handed.at ? this.#endSeenAt : handed.receivedAt;
  }

  /** Nothing is taken any more; readers wake up. */
  close(): void {
    this.#closed = true;
    this.#records = [];
    this.#bytes = 0;
    this.#wake();
  }

  #head(): number | null {
    return this.#records[0]?.offset ?? this.#next;
  }

  #seek(offset: number): void {
    const { feed, clock } = this.#options;
    this.#records = [];
    this.#bytes = 0;
    this.#suspect = false;
    this.#next = offset;
    this.#arrivedAt = clock.now();
    feed.seek(offset);
    this.#resume();
  }

  /** Why nothing is queued that should be there. Answers the log's end when its records from `offset` on are gone. */
  async #missing(offset: number): Promise<number | null> {
    if (this.#suspect) {
      this.#suspect = false;
      const { low, high } = await this.watermarks();
      if (offset < low) return high;
      if (offset > high) throw new Error(`log_went_back: the log ends at ${high}, reading stood at ${offset}`);
      this.#options.feed.seek(offset);
    }
    await this.waitBeyond(offset, ARRIVAL_MS, new AbortController().signal);
    const waited = this.#now() - this.#arrivedAt;
    const stalled = this.#records.length === 0 && !this.#closed && this.#high > offset;
    if (stalled && waited > this.#options.stallMs) {
      this.#next = null;
      throw new Error(`Nothing was fetched for ${waited} ms although the log goes from ${offset} up to ${this.#high}`);
    }
    return null;
  }

  #take(maxRecords: number): ConsumedRecord[] {
    const taken = this.#records.splice(0, Math.min(maxRecords, recordsOf(this.#records, MAX_EVENTS)));
    for (const record of taken) this.#bytes -= sizeOf(record);
    if (this.#paused && this.#bytes <= this.#options.maxBytes / 2) this.#resume();
    return taken;
  }

  #pause(): void {
    this.#paused = true;
    this.#options.feed.pause();
  }

  #resume(): void {
    this.#paused = false;
    // From here on it is waited for: the time before does not count as a stall.
    this.#arrivedAt = this.#now();
    this.#options.feed.resume();
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** The records from `next` on, up to the first gap. */
function following(records: readonly ConsumedRecord[], next: number): readonly ConsumedRecord[] {
  const first = records.findIndex(({ offset }) => offset >= next);
  if (first === -1) return [];
  const gap = records.findIndex(({ offset }, index) => index >= first && offset !== next + index - first);
  return records.slice(first, gap === -1 ? records.length : gap);
}

/** How many of the first records have at least so many events together; all when they have fewer. */
function recordsOf(records: readonly ConsumedRecord[], events: number): number {
  let sum = 0;
  const last = records.findIndex(({ count }) => (sum += count) >= events);
  return last < 0 ? records.length : last + 1;
}

function sizeOf({ payload, ids }: ConsumedRecord): number {
  return payload.length + ids.length + 512;
}
