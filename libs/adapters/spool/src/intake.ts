import { LogUnavailable, type Append, type LogIntake } from '@productgraph/kernel';
import type { SpoolContents } from '@productgraph/platform-telemetry';
import { Drain } from './drain.ts';
import type { SpoolFiles } from './files.ts';
import type { SpoolSettings } from './options.ts';
import { SegmentStore } from './segment-store.ts';

/** A log that takes appends also while the one behind it does not. */
export interface SpooledLog extends LogIntake {
  /** What the spool holds and the log does not have yet. */
  spool(): SpoolContents;
  /** Ends draining after the batch under way and unlocks the folder; what is left waits for the next process. Appends must have ended. */
  stop(): Promise<void>;
}

/** The spool on files that this process alone uses; see `openSpooledLog`. */
export async function spoolOn(files: SpoolFiles, log: LogIntake, settings: SpoolSettings): Promise<SpooledLog> {
  const { clock, facts } = settings;
  const store = await SegmentStore.open({ ...settings, files });
  const intake = new Intake({ store, log, settings });
  const spool = (): SpoolContents => {
    const { bytes, records, oldestAt } = store.contents();
    return { bytes, records, oldestSeconds: oldestAt === null ? 0 : Math.max(0, (clock.now() - oldestAt) / 1_000) };
  };
  facts.opened(spool);
  return {
    topic: (topic) => log.topic(topic),
    append: (appends) => intake.append(appends),
    spool,
    stop: () => intake.stop(),
  };
}

interface Parts {
  readonly store: SegmentStore;
  readonly log: LogIntake;
  readonly settings: SpoolSettings;
}

/** An append on its way. */
interface Turn {
  readonly appends: readonly Append[];
  /** All calls before it have found their place: in the log, in the spool, or nowhere. */
  readonly earlier: Promise<unknown>;
}

/** What became of a try at the log. */
type Outcome = { readonly stored: true } | { readonly stored: false; readonly error: LogUnavailable };

/** Decides for each append where it goes, so that it never passes one that was acknowledged before. */
class Intake {
  readonly #parts: Parts;
  readonly #drain: Drain;
  /** Resolves when every call so far has found its place. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#drain = new Drain(parts);
    if (!parts.store.isEmpty) this.#drain.begin();
  }

  async append(appends: readonly Append[]): Promise<void> {
    if (appends.length === 0) return;
    const placed = Promise.withResolvers<null>();
    const turn = { appends, earlier: this.#tail };
    this.#tail = both(turn.earlier, placed.promise);
    try {
      await this.#take(turn, () => placed.resolve(null));
    } finally {
      placed.resolve(null);
    }
  }

  async stop(): Promise<void> {
    await this.#tail;
    await this.#drain.stop();
    await this.#parts.store.close();
  }

  async #take(turn: Turn, placed: () => void): Promise<void> {
    const { clock, patienceMs } = this.#parts.settings;
    if (this.#drain.isActive) {
      const over = new AbortController();
      const patience = sleepUntil(clock.sleep(patienceMs, over.signal), over.signal);
      await Promise.race([this.#drain.handedOver(), patience]).finally(() => over.abort());
    }
    let attempt: Attempt | null = null;
    if (!this.#drain.isActive) {
      attempt = this.#try(turn.appends);
      const outcome = await attempt.outcome;
      if (outcome.stored) return;
      this.#parts.settings.facts.began({ error: outcome.error });
    }
    await this.#spool(turn, { attempt, placed });
  }

  async #spool(turn: Turn, { attempt, placed }: { attempt: Attempt | null; placed: () => void }): Promise<void> {
    const { store, log, settings } = this.#parts;
    this.#drain.begin();
    const release = this.#drain.hold();
    try {
      await refuseUnknown(log, turn.appends);
      await turn.earlier;
      const added = store.add(turn.appends);
      placed();
      const seq = await added;
      if (attempt !== null) this.#drain.watch(seq, attempt.late);
    } catch (error) {
      if (error instanceof LogUnavailable) settings.facts.refused({ error });
      throw error;
    } finally {
      release();
    }
  }

  /** One try at the log, for as long as the patience lasts. */
  #try(appends: readonly Append[]): Attempt {
    const { log, settings } = this.#parts;
    const { clock, patienceMs } = settings;
    const answered = new AbortController();
    const result = log.append(appends).then(
      (): Outcome => ({ stored: true }),
      (error: unknown): Outcome => {
        if (error instanceof LogUnavailable) return { stored: false, error };
        throw error;
      },
    );
    const late = this.#drain.underWay(result.then(({ stored }) => stored, () => false)); // prettier-ignore
    const patience = sleepUntil(clock.sleep(patienceMs, answered.signal), answered.signal).then((): Outcome => {
      const error = new LogUnavailable(`The log has not answered within ${patienceMs} ms`);
      return { stored: false, error };
    });
    return { outcome: Promise.race([result, patience]).finally(() => answered.abort()), late };
  }
}

interface Attempt {
  readonly outcome: Promise<Outcome>;
  /** Whether the log has it after all, however late. */
  readonly late: Promise<boolean>;
}

/** A partition that does not exist would be acknowledged, and never be drained. */
async function refuseUnknown(log: LogIntake, appends: readonly Append[]): Promise<void> {
  for (const { topic, partition, records } of appends) {
    const { partitions } = await log.topic(topic);
    const exists = Number.isInteger(partition) && partition >= 0 && partition < partitions;
    if (!exists || records.length === 0) throw new RangeError(`There is no append to ${topic}[${partition}] like this`);
  }
}

async function both(one: Promise<unknown>, other: Promise<unknown>): Promise<void> {
  await one;
  await other;
}

/** A sleep that was ended is over. */
async function sleepUntil(sleep: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await sleep;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
