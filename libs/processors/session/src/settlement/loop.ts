import { backoffDelay, type Component, type PartitionRef } from '@productgraph/kernel';
import type { SettlementDeps } from './options.ts';
import { createPartitionSettlement, type PartitionSettlement } from './settlement.ts';

export interface SettlementLoopOptions extends SettlementDeps {
  /** Partitions of topic `events` that this process owns now. */
  readonly assignments: () => readonly PartitionRef[];
  /** 0 inclusive to 1 exclusive; spreads back-off. */
  readonly random: () => number;
  /** Delay when there is nothing to do, milliseconds. Default 5,000. */
  readonly idleMs?: number;
  /** Delay when the store has to catch up, milliseconds. Default 250. */
  readonly waitMs?: number;
}

const BACKOFF = { firstDelayMs: 250, maxDelayMs: 30_000 };

interface Turn {
  readonly settlement: PartitionSettlement;
  readonly failures: number;
  readonly notBefore: number;
}

class SettlementLoop implements Component {
  readonly name = 'settlement';
  readonly #options: SettlementLoopOptions;
  readonly #stopped = new AbortController();
  readonly #turns = new Map<string, Turn>();
  #running = Promise.resolve();

  constructor(options: SettlementLoopOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    this.#running = this.#run();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, assignments } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const owned = assignments();
      this.#forgetOthers(owned);
      for (const partition of owned) await this.#turn(partition);
      // Woken by the end of its time or of the process.
      await clock.sleep(this.#nextDelay(), signal).catch(() => undefined);
    }
  }

  #forgetOthers(owned: readonly PartitionRef[]): void {
    const keys = new Set(owned.map(keyOf));
    for (const key of this.#turns.keys()) if (!keys.has(key)) this.#turns.delete(key);
  }

  async #turn(partition: PartitionRef): Promise<void> {
    const { clock } = this.#options;
    const known = this.#turns.get(keyOf(partition)) ?? this.#fresh(partition);
    if (this.#stopped.signal.aborted || clock.now() < known.notBefore) return;
    this.#turns.set(keyOf(partition), await this.#take(partition, known));
  }

  #fresh(partition: PartitionRef, failures = 0, notBefore = 0): Turn {
    return { settlement: createPartitionSettlement(partition, this.#options), failures, notBefore };
  }

  async #take(partition: PartitionRef, { settlement, failures }: Turn): Promise<Turn> {
    const { clock, telemetry, random, idleMs = 5_000, waitMs = 250 } = this.#options;
    try {
      const run = await settlement.run();
      return { settlement, failures: 0, notBefore: clock.now() + { idle: idleMs, waiting: waitMs, worked: 0 }[run] };
    } catch (error) {
      telemetry.failed({ partition, error });
      // What it remembers of the unit in hand is dropped with it: the next try starts from the durable progress.
      const delay = backoffDelay(BACKOFF, failures + 1, random);
      return this.#fresh(partition, failures + 1, clock.now() + delay);
    }
  }

  #nextDelay(): number {
    const { clock, idleMs = 5_000 } = this.#options;
    const now = clock.now();
    return [...this.#turns.values()].reduce(
      (delay, turn) => Math.min(delay, Math.max(0, turn.notBefore - now)),
      idleMs,
    );
  }
}

/**
 * Settles the owned partitions one after the other. A fault of one partition delays that partition alone, with growing waits;
 * a partition that leaves is forgotten, and whoever owns it next goes on from the durable progress.
 */
export function createSettlementLoop(options: SettlementLoopOptions): Component {
  return new SettlementLoop(options);
}

function keyOf({ topic, generation, partition }: PartitionRef): string {
  return `${topic}.${generation}.${partition}`;
}
