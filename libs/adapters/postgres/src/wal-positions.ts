/** Where the primary's log was at a moment. */
interface Sample {
  /** Monotonic milliseconds, before the primary was asked: all that was committed by then lies below the position. */
  readonly at: number;
  /** `pg_lsn` in text. */
  readonly position: string;
}

export interface WalPositionsOptions {
  /** Asks the primary for its position now. */
  readonly ask: () => Promise<string>;
  /** So old may be what a reader is given, milliseconds. */
  readonly maxLagMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** The primary did not answer. May not throw. */
  readonly onFault: (error: unknown) => void;
}

/** A position is asked for as often as this part of the bound, and only while somebody reads. */
const SAMPLES_PER_BOUND = 5;

/**
 * How far a replica must have come for a bound on its lag, from positions of the primary at known moments: the oldest within the
 * bound. Unlike the age of the last replayed transaction this does not grow while nobody writes, needs no common clock, and shows
 * a replica whose connection to the primary is cut.
 */
export class WalPositions {
  readonly #options: WalPositionsOptions;
  #samples: Sample[] = [];
  #asking: Promise<void> | null = null;

  constructor(options: WalPositionsOptions) {
    this.#options = options;
  }

  /** What is committed by now must be seen: positions from before say nothing about it. */
  forget(): void {
    this.#samples = [];
    this.#asking = null;
  }

  /** The position to have been replayed; null when the primary does not tell one. */
  async required(): Promise<string | null> {
    const { maxLagMs, now } = this.#options;
    const oldest = now() - maxLagMs;
    this.#samples = this.#samples.filter(({ at }) => at >= oldest);
    const newest = this.#samples.at(-1);
    if (newest === undefined) await this.#ask();
    else if (newest.at < now() - maxLagMs / SAMPLES_PER_BOUND) void this.#ask();
    return this.#samples[0]?.position ?? null;
  }

  /** One question at a time. Never rejects. */
  #ask(): Promise<void> {
    if (this.#asking !== null) return this.#asking;
    const asking = this.#sample().then((sample) => {
      // Asked before a `forget`: its answer says nothing about what that was for.
      if (this.#asking !== asking) return;
      this.#asking = null;
      if (sample !== null) this.#samples.push(sample);
    });
    this.#asking = asking;
    return asking;
  }

  async #sample(): Promise<Sample | null> {
    const { ask, now, onFault } = this.#options;
    const at = now();
    try {
      return { at, position: await ask() };
    } catch (error) {
      onFault(error);
      return null;
    }
  }
}
