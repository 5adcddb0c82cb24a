import { createDueIndex, type DueIndex } from './due-index.ts';
import type { ConsumedRecord, GroupPartition } from './event-log.ts';
import type { PartitionTask, TaskBatch, TaskPosition } from './partition-task.ts';
import type { DueTimer, StatePut, StateStore } from './state-store.ts';

/** What a fold may know besides its state and the event. */
export interface FoldContext {
  readonly partition: GroupPartition;
  /** Whose state it is. */
  readonly key: string;
  /** Runner time, Unix ms: greatest time of receipt read so far; inside a timer, the time it was due. */
  readonly time: number;
  /**
   * Version for outputs: the last record folded, `rank` 0 for records; for timers the time they were due,
   * so that two timers without a record between them still have different versions.
   */
  readonly version: { readonly generation: number; readonly offset: number; readonly rank: number };
}

export interface FoldResult<S, O> {
  /** Null deletes the key (and its timer). */
  readonly state: S | null;
  /** The key's next timer, Unix ms of runner time; null = none. A timer must move its own due time forward. */
  readonly due: number | null;
  readonly emit: readonly O[];
}

/** The pure part of a stateful processor. */
export interface KeyedFold<E, S, O> {
  /** Called before each batch for what folding needs from outside (project settings, definitions). */
  prepare?(records: readonly ConsumedRecord[]): Promise<void>;
  /** Lines of a record that are not duplicates, decoded, each with the key whose state it touches. */
  decode(record: ConsumedRecord, isDuplicate: (line: number) => boolean): Iterable<{ key: string; event: E }>;
  fold(state: S | null, event: E, context: FoldContext): FoldResult<S, O>;
  timer(state: S, context: FoldContext): FoldResult<S, O>;
  serialise(state: S): string;
  parse(text: string): S;
  /** Identity of an output: of several in one batch only the last of each identity is emitted. */
  outputKey(output: O): string;
}

export interface KeyedFoldOptions<E, S, O> {
  readonly fold: KeyedFold<E, S, O>;
  readonly store: StateStore;
  /** Resolves when the outputs are durable. A repeat after a crash brings the same ids and versions. */
  readonly emit: (outputs: readonly O[], partition: GroupPartition) => Promise<void>;
  /** Parsed states kept in memory per partition. Default 20,000. */
  readonly cacheKeys?: number;
}

/** Keys whose timers are fired in one step: what is overdue after a long pause is worked off in as many steps as it takes. */
const TIMERS_PER_PASS = 2_000;

/** Only timers of the next 15 minutes of runner time are held in memory; the store has the others. */
const LOOK_AHEAD_MS = 15 * 60_000;

interface Touched<S> {
  state: S | null;
  due: number | null;
}

class KeyedFoldTask<E, S, O> implements PartitionTask {
  readonly #options: KeyedFoldOptions<E, S, O>;
  readonly #partition: GroupPartition;
  readonly #cache = new Map<string, S>();
  readonly #cacheKeys: number;
  #due: DueIndex = createDueIndex();
  /** The index holds every timer due at or before it, and none after. */
  #dueUntil = Number.NEGATIVE_INFINITY;
  #revision = 0;
  #position: TaskPosition = { next: null, windowStart: null, time: 0 };

  constructor(options: KeyedFoldOptions<E, S, O>, partition: GroupPartition) {
    this.#options = options;
    this.#partition = partition;
    this.#cacheKeys = options.cacheKeys ?? 20_000;
  }

  async open(): Promise<TaskPosition> {
    this.#cache.clear();
    const { revision, next, windowStart, time } = await this.#options.store.position(this.#partition);
    this.#due = createDueIndex();
    this.#dueUntil = Number.NEGATIVE_INFINITY;
    this.#revision = revision;
    this.#position = { next, windowStart, time };
    return this.#position;
  }

  async batch(batch: TaskBatch): Promise<boolean> {
    const { fold } = this.#options;
    await fold.prepare?.(batch.records);
    const decoded = batch.records.map((record, at) => [...fold.decode(record, (line) => batch.isDuplicate(at, line))]);
    const first = batch.records[0]?.receivedAt ?? 0;
    await this.#lookAhead(batch.position.time);
    if (!(await this.#fireOverdue(Math.max(this.#position.time, first), TIMERS_PER_PASS))) return false;
    const pass = this.#newPass();
    const keys = decoded.flatMap((lines) => lines.map((line) => line.key));
    await this.#load(pass, [...keys, ...this.#due.keysUntil(batch.position.time)]);
    let time = this.#position.time;
    for (const [at, record] of batch.records.entries()) {
      time = Math.max(time, record.receivedAt);
      pass.fireTimers(time, record.offset - 1);
      for (const { key, event } of decoded[at] ?? []) pass.foldEvent(key, event, { time, offset: record.offset });
    }
    return this.#save(pass, batch.position);
  }

  async tick(now: number): Promise<boolean> {
    // Before the first record there is no position that a save could carry, and no state that could be due.
    if (this.#position.next === null) return true;
    await this.#lookAhead(now);
    return this.#fireOverdue(now, 0);
  }

  #newPass(): FoldPass<E, S, O> {
    return new FoldPass(this.#options.fold, this.#partition, { index: this.#due, until: this.#dueUntil });
  }

  /** Between two steps the store holds every timer, so the index can be filled from it at any of them. */
  async #lookAhead(time: number): Promise<void> {
    if (time <= this.#dueUntil) return;
    const until = time + LOOK_AHEAD_MS;
    this.#due = createDueIndex(await this.#options.store.due(this.#partition, until));
    this.#dueUntil = until;
  }

  /** Fires timers at the position reached, a bounded number at a time and saved each time, until at most `rest` are due. */
  async #fireOverdue(until: number, rest: number): Promise<boolean> {
    const { next } = this.#position;
    while (next !== null && this.#due.keysUntil(until).length > rest) {
      const timers = this.#due.takeMany(until, TIMERS_PER_PASS);
      const pass = this.#newPass();
      await this.#load(
        pass,
        timers.map(({ key }) => key),
      );
      for (const timer of timers) pass.fireThrough(timer, until, next - 1);
      if (!(await this.#save(pass, { ...this.#position, next }))) return false;
    }
    return true;
  }

  async #load(pass: FoldPass<E, S, O>, keys: readonly string[]): Promise<void> {
    const wanted = new Set(keys);
    const missing: string[] = [];
    for (const key of wanted) {
      const cached = this.#cache.get(key);
      if (cached === undefined) missing.push(key);
      else pass.known.set(key, cached);
    }
    if (missing.length === 0) return;
    const found = await this.#options.store.load(this.#partition, missing);
    for (const [key, text] of found) pass.known.set(key, this.#options.fold.parse(text));
  }

  async #save(
    pass: FoldPass<E, S, O>,
    position: { next: number; windowStart: number | null; time: number },
  ): Promise<boolean> {
    if (pass.outputs.size > 0) await this.#options.emit([...pass.outputs.values()], this.#partition);
    const puts: StatePut[] = [];
    const deletes: string[] = [];
    for (const [key, { state, due }] of pass.touched) {
      if (state === null) deletes.push(key);
      else puts.push({ key, value: this.#options.fold.serialise(state), due });
    }
    const revision = await this.#options.store.save(this.#partition, {
      expectedRevision: this.#revision,
      ...position,
      puts,
      deletes,
    });
    if (revision === null) return false;
    this.#revision = revision;
    this.#position = position;
    this.#remember(pass.touched);
    return true;
  }

  /** Least recently saved states leave first. */
  #remember(touched: ReadonlyMap<string, Touched<S>>): void {
    for (const [key, { state }] of touched) {
      this.#cache.delete(key);
      if (state !== null) this.#cache.set(key, state);
    }
    for (const key of this.#cache.keys()) {
      if (this.#cache.size <= this.#cacheKeys) break;
      this.#cache.delete(key);
    }
  }
}

/** One batch or tick: reads known states, collects touched ones. Nothing outside changes but the due index, which `open` rebuilds. */
class FoldPass<E, S, O> {
  readonly known = new Map<string, S>();
  readonly touched = new Map<string, Touched<S>>();
  readonly outputs = new Map<string, O>();
  readonly #fold: KeyedFold<E, S, O>;
  readonly #partition: GroupPartition;
  readonly #due: { readonly index: DueIndex; readonly until: number };

  constructor(
    fold: KeyedFold<E, S, O>,
    partition: GroupPartition,
    due: { readonly index: DueIndex; readonly until: number },
  ) {
    this.#fold = fold;
    this.#partition = partition;
    this.#due = due;
  }

  foldEvent(key: string, event: E, at: { time: number; offset: number }): void {
    const version = { generation: this.#partition.generation, offset: at.offset, rank: 0 };
    this.#apply(
      key,
      this.#fold.fold(this.#state(key), event, { partition: this.#partition, key, time: at.time, version }),
    );
  }

  /** Fires what is due at or before `until`, in order (time, key), timers set by timers included. */
  fireTimers(until: number, offset: number): void {
    const { index } = this.#due;
    for (let timer = index.take(until); timer !== null; timer = index.take(until)) this.fire(timer, offset);
  }

  /** Fires a timer that has been taken from the index, and those of its key that follow from it until `until`. */
  fireThrough(timer: DueTimer, until: number, offset: number): void {
    for (let at: number | null = timer.at; at !== null && at <= until; at = this.touched.get(timer.key)?.due ?? null) {
      this.fire({ key: timer.key, at }, offset);
    }
  }

  /** Fires one timer that has been taken from the index. */
  fire(timer: DueTimer, offset: number): void {
    const state = this.#state(timer.key);
    if (state === null) return;
    const version = { generation: this.#partition.generation, offset, rank: timer.at };
    const result = this.#fold.timer(state, { partition: this.#partition, key: timer.key, time: timer.at, version });
    if (result.due !== null && result.due <= timer.at) {
      throw new Error(`Timer of ${timer.key} did not move forward: ${String(timer.at)} → ${String(result.due)}`);
    }
    this.#apply(timer.key, result);
  }

  #state(key: string): S | null {
    const touched = this.touched.get(key);
    return touched === undefined ? (this.known.get(key) ?? null) : touched.state;
  }

  #apply(key: string, result: FoldResult<S, O>): void {
    const due = result.state === null ? null : result.due;
    this.touched.set(key, { state: result.state, due });
    this.#due.index.set(key, due !== null && due <= this.#due.until ? due : null);
    for (const output of result.emit) {
      const id = this.#fold.outputKey(output);
      this.outputs.delete(id);
      this.outputs.set(id, output);
    }
  }
}

/** The task of a stateful processor: load touched states, fold, emit, save state and position by compare-and-set. */
export function createKeyedFoldTask<E, S, O>(
  options: KeyedFoldOptions<E, S, O>,
): (partition: GroupPartition) => PartitionTask {
  return (partition) => new KeyedFoldTask(options, partition);
}
