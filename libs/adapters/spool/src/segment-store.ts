import { LogUnavailable, type Append, type Clock } from '@productgraph/kernel';
import type { SpoolFacts } from '@productgraph/platform-telemetry';
import type { SpoolFile, SpoolFiles } from './files.ts';
import { encodeFrame, type SpoolEntry } from './frame.ts';
import { openPosition, type Position } from './position.ts';
import { readBatch } from './read-batch.ts';
import { recoverSegments, segmentName, setAside, type Segment } from './recovery.ts';

export interface StoreOptions {
  readonly files: SpoolFiles;
  readonly clock: Pick<Clock, 'now'>;
  readonly facts: SpoolFacts;
  readonly maxBytes: number;
  readonly segmentBytes: number;
}

/** Entries that follow each other, as they stand in one segment. */
export interface StoredBatch {
  readonly entries: readonly SpoolEntry[];
  readonly records: number;
  readonly bytes: number;
}

interface Waiting {
  readonly seq: number;
  readonly at: number;
  readonly frame: Buffer;
  readonly records: number;
  readonly done: PromiseWithResolvers<number>;
}

/** Entries in segment files, in order of their seq. Reading and removing are for one caller, one call at a time; adding is for many. */
export class SegmentStore {
  readonly #options: StoreOptions;
  readonly #position: Position;
  readonly #segments: Segment[];
  readonly #queue: Waiting[] = [];
  #active: { readonly segment: Segment; readonly file: SpoolFile } | null = null;
  #writing: Promise<void> | null = null;
  #queuedBytes = 0;
  #nextSeq: number;
  /** Seq of the first entry that was not drained, perhaps not saved yet. */
  #drainedTo: number;

  private constructor(options: StoreOptions, position: Position, found: { segments: Segment[]; nextSeq: number }) {
    this.#options = options;
    this.#position = position;
    this.#segments = found.segments;
    this.#nextSeq = found.nextSeq;
    this.#drainedTo = position.seq;
  }

  static async open(options: StoreOptions): Promise<SegmentStore> {
    const position = await openPosition(options.files);
    const found = await recoverSegments(options.files, position.seq, options.facts);
    return new SegmentStore(options, position, found);
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#writing === null && this.#segments.every(isDrained);
  }

  /** What is not drained. `oldestAt` in Unix milliseconds; null = nothing there. */
  contents(): { readonly bytes: number; readonly records: number; readonly oldestAt: number | null } {
    const left = this.#segments.filter((segment) => !isDrained(segment));
    return {
      bytes: left.reduce((sum, { bytes, offset }) => sum + bytes - offset, 0),
      records: left.reduce((sum, { records }) => sum + records, 0),
      oldestAt: left[0]?.oldestAt ?? null,
    };
  }

  /**
   * Resolves with the entry's seq when it is on the disk. Entries stand in order of the calls; those that wait share one sync.
   * @throws LogUnavailable when the spool is full or cannot be written: nothing is known of the entry then
   */
  add(appends: readonly Append[]): Promise<number> {
    const { maxBytes, clock } = this.#options;
    const at = clock.now();
    const seq = this.#nextSeq;
    const frame = encodeFrame({ seq, at, appends });
    if (this.#diskBytes() + this.#queuedBytes + frame.length > maxBytes) {
      return Promise.reject(
        new LogUnavailable(`The spool is full: it holds ${this.#diskBytes()} of ${maxBytes} bytes`),
      );
    }
    this.#nextSeq++;
    const records = appends.reduce((sum, append) => sum + append.records.length, 0);
    const done = Promise.withResolvers<number>();
    this.#queue.push({ seq, at, frame, records, done });
    this.#queuedBytes += frame.length;
    this.#writing ??= this.#writeAll();
    return done.promise;
  }

  /** The first entries not drained, up to `maxBytes` of them or one that is larger; null = there are none. */
  async next(maxBytes: number): Promise<StoredBatch | null> {
    const { files, facts } = this.#options;
    for (const segment of this.#segments) {
      while (!isDrained(segment)) {
        const batch = await readBatch({ files, facts, segment, maxBytes });
        if (batch !== null) return batch;
      }
    }
    return null;
  }

  /** The log has this batch, the last one read. */
  passed({ entries, records, bytes }: StoredBatch): void {
    const segment = this.#segments.find((one) => !isDrained(one));
    const last = entries.at(-1);
    if (segment === undefined || last === undefined) throw new Error('No batch was read');
    segment.offset += bytes;
    segment.records -= records;
    segment.oldestAt = last.at;
    this.#drainedTo = last.seq + 1;
  }

  /** Makes it durable how far the log has everything, then removes segments that are over. Can be called again after a fault. */
  async settle(): Promise<void> {
    const { files } = this.#options;
    if (this.#drainedTo > this.#position.seq) await this.#position.save(this.#drainedTo);
    if (this.isEmpty) await this.#seal();
    const over = this.#segments.filter((segment) => isDrained(segment) && segment !== this.#active?.segment);
    if (over.length === 0) return;
    for (const segment of over) {
      await files.remove(segment.name);
      this.#segments.splice(this.#segments.indexOf(segment), 1);
    }
    await files.syncFolder();
  }

  /** Keeps an entry that the log will never take in a file of its own. */
  async setAside(entry: SpoolEntry): Promise<void> {
    const file = `refused-${segmentName(entry.seq)}`.replace('.spool', '');
    const bytes = encodeFrame(entry);
    await setAside(this.#options.files, file, bytes);
    this.#options.facts.setAside({ file, reason: 'refused', bytes: bytes.length });
  }

  /** Waits for what is being written. Nothing may be added any more. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#seal();
    await this.#position.close();
  }

  #diskBytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #seal(): Promise<void> {
    const active = this.#active;
    this.#active = null;
    await active?.file.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0);
      try {
        await this.#write(group);
        for (const { done, seq } of group) done.resolve(seq);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const error = new LogUnavailable(`The spool cannot be written: ${reason}`, { cause });
        for (const { done } of group) done.reject(error);
      } finally {
        this.#queuedBytes -= bytesOf(group);
      }
    }
    // In the turn in which the queue was found empty: what is added next begins anew.
    this.#writing = null;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return;
    const { segment, file } = await this.#segmentFor(first.seq);
    try {
      await file.write(Buffer.concat(group.map(({ frame }) => frame)), segment.bytes);
      await file.sync();
    } catch (error) {
      await this.#undo();
      throw error;
    }
    const records = group.reduce((sum, one) => sum + one.records, 0);
    if (isDrained(segment)) segment.oldestAt = first.at;
    segment.bytes += bytesOf(group);
    segment.records += records;
    segment.lastSeq = last.seq;
    this.#options.facts.spooled({ records, bytes: bytesOf(group) });
  }

  async #segmentFor(seq: number): Promise<{ readonly segment: Segment; readonly file: SpoolFile }> {
    const { files, segmentBytes } = this.#options;
    if (this.#active !== null && this.#active.segment.bytes < segmentBytes) return this.#active;
    await this.#seal();
    const name = segmentName(seq);
    const file = await files.open(name);
    const segment: Segment = { name, bytes: 0, offset: 0, records: 0, oldestAt: 0, lastSeq: -1 };
    this.#segments.push(segment);
    this.#active = { segment, file };
    try {
      await files.syncFolder();
    } catch (error) {
      await this.#undo();
      throw error;
    }
    return this.#active;
  }

  /** What a write that failed has left behind is cut off; where that fails too, the segment takes no more. */
  async #undo(): Promise<void> {
    const active = this.#active;
    if (active === null) return;
    try {
      await active.file.truncate(active.segment.bytes);
      if (active.segment.bytes > 0) return;
      // Its name may not be on the disk yet: the next try begins anew.
      await this.#seal();
    } catch (error) {
      this.#options.facts.failed({ work: 'truncate', error });
      this.#active = null;
    }
  }
}

const isDrained = ({ offset, bytes }: Segment): boolean => offset >= bytes;

const bytesOf = (group: readonly Waiting[]): number => group.reduce((sum, { frame }) => sum + frame.length, 0);
