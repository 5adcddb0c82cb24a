import { backoffDelay, LogUnavailable, type Append, type LogIntake } from '@productgraph/kernel';
import type { SpoolEntry } from './frame.ts';
import type { SegmentStore, StoredBatch } from './segment-store.ts';
import type { SpoolSettings } from './options.ts';

const BACKOFF = { firstDelayMs: 100, maxDelayMs: 5_000 };
/** How long draining waits for tries at the log that were given up, milliseconds: longer than any log's own patience. */
const LATE_MS = 30_000;

export interface DrainParts {
  readonly store: SegmentStore;
  readonly log: LogIntake;
  readonly settings: SpoolSettings;
}

/** Moves the spool into the log, one batch at a time, until it is empty. */
export class Drain {
  readonly #parts: DrainParts;
  readonly #stopping = new AbortController();
  /** Tries at the log whose end is not known. */
  readonly #underWay = new Set<Promise<boolean>>();
  /** Entries that the log has taken after all. */
  readonly #taken = new Set<number>();
  #running: Promise<void> = Promise.resolve();
  #isActive = false;
  #holds = 0;
  #released = Promise.withResolvers<null>();
  /** There while the log takes what is left, and that is little: appends wait, else the spool would never be empty under load. */
  #gate: PromiseWithResolvers<null> | null = null;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  /** Appends must go to the spool. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Resolves when draining has ended, or will take longer. */
  async handedOver(): Promise<void> {
    await this.#gate?.promise;
  }

  begin(): void {
    if (this.#isActive || this.#stopping.signal.aborted) return;
    this.#isActive = true;
    this.#running = this.#run();
  }

  /** Until it is released an append is on its way into the spool, and draining does not end. */
  hold(): () => void {
    this.#holds++;
    return () => {
      this.#holds--;
      this.#released.resolve(null);
      this.#released = Promise.withResolvers();
    };
  }

  /** Draining waits for this try at the log, so that what it takes late does not come twice. Answers the same. */
  underWay(stored: Promise<boolean>): Promise<boolean> {
    this.#underWay.add(stored);
    void stored.then(() => this.#underWay.delete(stored));
    return stored;
  }

  /** Entry `seq` need not be drained if the log has it. */
  watch(seq: number, stored: Promise<boolean>): void {
    void stored.then((isStored) => isStored && this.#taken.add(seq));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#openGate();
    this.#released.resolve(null);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, random, facts } = this.#parts.settings;
    const { signal } = this.#stopping;
    let faults = 0;
    await this.#lateOnes();
    while (!signal.aborted) {
      try {
        await this.#step();
        faults = 0;
        if (this.#endIfEmpty()) return;
      } catch (error) {
        this.#openGate();
        faults++;
        facts.failed({ work: 'drain', error });
        await clock.sleep(backoffDelay(BACKOFF, faults, random), signal).catch(ignoreAbort(signal));
      }
    }
  }

  /** In one turn: what is appended next either finds draining active, or goes to the log. */
  #endIfEmpty(): boolean {
    if (this.#holds > 0 || !this.#parts.store.isEmpty) return false;
    this.#isActive = false;
    this.#openGate();
    this.#taken.clear();
    this.#parts.settings.facts.ended();
    return true;
  }

  async #step(): Promise<void> {
    const { store, settings } = this.#parts;
    const batch = await store.next(settings.batchBytes);
    if (batch === null) {
      await store.settle();
      // Who holds is about to add something, or waits until it is on the disk.
      if (this.#holds > 0) await this.#released.promise;
      return;
    }
    await this.#move(batch);
    store.passed(batch);
    settings.facts.drained(batch);
    await store.settle();
    if (store.contents().bytes <= settings.batchBytes) this.#gate ??= Promise.withResolvers();
  }

  #openGate(): void {
    this.#gate?.resolve(null);
    this.#gate = null;
  }

  async #move({ entries }: StoredBatch): Promise<void> {
    const { log } = this.#parts;
    const left = entries.filter(({ seq }) => !this.#taken.has(seq));
    try {
      if (left.length > 0) await log.append(merged(left));
    } catch (error) {
      if (error instanceof LogUnavailable) throw error;
      for (const entry of left) await this.#moveAlone(entry);
    }
    for (const { seq } of entries) this.#taken.delete(seq);
  }

  /** The log will not take something of the batch, now or ever: what it is is found entry by entry. */
  async #moveAlone(entry: SpoolEntry): Promise<void> {
    const { log, store, settings } = this.#parts;
    try {
      await log.append(entry.appends);
    } catch (error) {
      if (error instanceof LogUnavailable) throw error;
      settings.facts.failed({ work: 'entry', error });
      await store.setAside(entry);
    }
    this.#taken.add(entry.seq);
  }

  async #lateOnes(): Promise<void> {
    const { clock } = this.#parts.settings;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#stopping.signal]);
    const patience = clock.sleep(LATE_MS, signal).catch(ignoreAbort(signal));
    await Promise.race([Promise.all(this.#underWay), patience]);
    over.abort();
  }
}

const ignoreAbort =
  (signal: AbortSignal) =>
  (error: unknown): void => {
    if (!signal.aborted) throw error;
  };

/** Records of one partition together, in order: on Kafka they are stored together then, or not at all. */
function merged(entries: readonly SpoolEntry[]): Append[] {
  const appends = new Map<
    string,
    { topic: Append['topic']; partition: number; records: Append['records'][number][] }
  >();
  for (const { topic, partition, records } of entries.flatMap((entry) => entry.appends)) {
    const key = `${topic}[${partition}]`;
    const known = appends.get(key);
    if (known === undefined) appends.set(key, { topic, partition, records: [...records] });
    else for (const one of records) known.records.push(one);
  }
  return [...appends.values()];
}
