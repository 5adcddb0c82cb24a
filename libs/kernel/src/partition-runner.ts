import type { Clock } from './clock.ts';
import { createDedupeWindow, type DedupeWindow } from './dedupe-window.ts';
import type {
  ConsumedRecord,
  EventLog,
  GroupPartition,
  LogBatch,
  PartitionHandler,
  PartitionRef,
  Watermarks,
} from './event-log.ts';
import type { PartitionTask, TaskBatch } from './partition-task.ts';

/** Facts worth telling. All optional; none may throw. */
export interface RunnerEvents {
  /** A batch is durably done. */
  onBatch?(fact: {
    partition: GroupPartition;
    records: number;
    lines: number;
    duplicates: number;
    milliseconds: number;
  }): void;
  /** The durable position was moved by someone else, or the store went back in time: reopened there. */
  onOwnershipLost?(partition: GroupPartition): void;
  /** The log no longer has the records from `from` up to `low`: they were not processed. */
  onLogTrimmed?(fact: { partition: GroupPartition; from: number; low: number }): void;
  /** The dedupe window has been rebuilt from `events` earlier events. */
  onWindowRebuilt?(fact: { partition: GroupPartition; events: number }): void;
}

export interface RunnerOptions {
  readonly group: string;
  readonly log: Pick<EventLog, 'topic' | 'commit' | 'watermarks'>;
  readonly clock: Clock;
  readonly task: (partition: GroupPartition) => PartitionTask;
  readonly events?: RunnerEvents;
}

/** The stored position lies behind the log's end: the log was replaced by an older one. The partition stops until a person decides. */
class LogWentBack extends Error {
  override readonly name = 'LogWentBack';
}

/** Records whose events form the window, oldest first: tells from where to rebuild it. */
class WindowTrail {
  readonly #size: number;
  #records: { readonly offset: number; readonly count: number }[] = [];
  /** Records before it are no longer part of the window. Cut off now and then: shifting would move all of them each time. */
  #first = 0;
  #total = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(offset: number, count: number): void {
    if (count === 0) return;
    this.#records.push({ offset, count });
    this.#total += count;
    for (let oldest = this.#oldest(); this.#total - oldest.count >= this.#size; oldest = this.#oldest()) {
      this.#total -= oldest.count;
      this.#first++;
    }
    if (this.#first * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#first);
      this.#first = 0;
    }
  }

  #oldest(): { readonly offset: number; readonly count: number } {
    return this.#records[this.#first] ?? { offset: 0, count: Number.POSITIVE_INFINITY };
  }

  get start(): number | null {
    return this.#records[this.#first]?.offset ?? null;
  }

  get events(): number {
    return this.#total;
  }
}

/** One partition between assignment and revocation. */
class PartitionRun {
  readonly #partition: GroupPartition;
  readonly #options: RunnerOptions;
  readonly #task: PartitionTask;
  readonly #windowSize: number;
  #window: DedupeWindow | null = null;
  #trail: WindowTrail;
  #next = 0;
  #time = 0;
  #rebuilding = false;

  constructor(partition: GroupPartition, windowSize: number, options: RunnerOptions) {
    this.#partition = partition;
    this.#options = options;
    this.#task = options.task(partition);
    this.#windowSize = windowSize;
    this.#trail = new WindowTrail(windowSize);
  }

  /** Reads the durable position; answers the offset to read first (the window's start when it has to be rebuilt). */
  async open(marks: Watermarks): Promise<number> {
    const position = await this.#task.open();
    this.#next = position.next ?? marks.low;
    this.#time = position.time;
    this.#window = this.#windowSize > 0 ? createDedupeWindow(this.#windowSize) : null;
    this.#trail = new WindowTrail(this.#windowSize);
    if (this.#next > marks.high) {
      throw new LogWentBack(
        `${this.#name()}: position ${String(this.#next)} lies beyond the log's end ${String(marks.high)}`,
      );
    }
    if (this.#next < marks.low) {
      this.#options.events?.onLogTrimmed?.({ partition: this.#partition, from: this.#next, low: marks.low });
      this.#next = marks.low;
    }
    const from = Math.max(position.windowStart ?? this.#next, marks.low);
    this.#rebuilding = this.#window !== null && from < this.#next;
    return this.#rebuilding ? from : this.#next;
  }

  async batch(records: readonly ConsumedRecord[]): Promise<number> {
    const fresh = records.filter((record) => record.offset >= this.#next);
    for (const record of records) if (record.offset < this.#next) this.#verdicts(record);
    const after = (records.at(-1)?.offset ?? this.#next - 1) + 1;
    if (after >= this.#next) this.#endRebuild();
    const first = fresh[0];
    if (first === undefined) return after;
    if (first.offset !== this.#next) {
      throw new Error(`${this.#name()}: expected offset ${String(this.#next)}, the log gave ${String(first.offset)}`);
    }
    return this.#process(fresh);
  }

  async tick(): Promise<number | null> {
    if (this.#rebuilding) return null;
    const done = await this.#task.tick(this.#options.clock.now());
    return done ? null : this.#reopen();
  }

  async #process(records: readonly ConsumedRecord[]): Promise<number> {
    const began = this.#options.clock.now();
    const verdicts = records.map((record) => this.#verdicts(record));
    const time = records.reduce((latest, record) => Math.max(latest, record.receivedAt), this.#time);
    const next = this.#next + records.length;
    const batch: TaskBatch = {
      partition: this.#partition,
      records,
      isDuplicate: (record, line) => verdicts[record]?.[line] === 1,
      position: { next, windowStart: this.#trail.start, time },
    };
    if (!(await this.#task.batch(batch))) return this.#reopen();
    this.#next = next;
    this.#time = time;
    await this.#options.log.commit(this.#partition, next, this.#trail.start ?? next);
    this.#options.events?.onBatch?.({
      partition: this.#partition,
      records: records.length,
      lines: records.reduce((sum, record) => sum + record.count, 0),
      duplicates: verdicts.reduce((sum, lines) => sum + lines.reduce((n, duplicate) => n + duplicate, 0), 0),
      milliseconds: this.#options.clock.now() - began,
    });
    return next;
  }

  async #reopen(): Promise<number> {
    this.#options.events?.onOwnershipLost?.(this.#partition);
    return this.open(await this.#options.log.watermarks(this.#partition));
  }

  /** Adds a record's ids to the window; 1 per duplicate line. */
  #verdicts(record: ConsumedRecord): Uint8Array {
    const verdicts = new Uint8Array(record.count);
    if (this.#window === null || record.ids.length === 0) return verdicts;
    const view = new DataView(record.ids.buffer, record.ids.byteOffset, record.ids.byteLength);
    for (let line = 0; line < record.count; line++) {
      if (this.#window.add(view.getUint32(line * 8), view.getUint32(line * 8 + 4))) verdicts[line] = 1;
    }
    this.#trail.add(record.offset, record.count);
    return verdicts;
  }

  #endRebuild(): void {
    if (!this.#rebuilding) return;
    this.#rebuilding = false;
    this.#options.events?.onWindowRebuilt?.({ partition: this.#partition, events: this.#trail.events });
  }

  #name(): string {
    const { group, topic, generation, partition } = this.#partition;
    return `${group} on ${topic}.${String(generation)}[${String(partition)}]`;
  }
}

function keyOf(partition: PartitionRef): string {
  return `${partition.topic}.${String(partition.generation)}.${String(partition.partition)}`;
}

/**
 * Hosts one task per assigned partition: seeks the log to the task's own position (the state is the truth, the log's committed
 * offset a hint), gives dedupe verdicts, keeps runner time, and starts over from the durable position when ownership was lost.
 */
export function createPartitionRunner(options: RunnerOptions): PartitionHandler {
  const runs = new Map<string, PartitionRun>();
  const runOf = (partition: PartitionRef): PartitionRun => {
    const run = runs.get(keyOf(partition));
    if (run === undefined) throw new Error(`Partition ${keyOf(partition)} is not assigned`);
    return run;
  };
  return {
    async assigned(partition, marks) {
      const { dedupeWindow } = await options.log.topic(partition.topic);
      const run = new PartitionRun({ ...partition, group: options.group }, dedupeWindow, options);
      const from = await run.open(marks);
      runs.set(keyOf(partition), run);
      return from;
    },
    batch: (batch: LogBatch) => runOf(batch.partition).batch(batch.records),
    idle: (partition) => runOf(partition).tick(),
    revoked(partition) {
      runs.delete(keyOf(partition));
      return Promise.resolve();
    },
  };
}
