import { compareVersions, eventIdHash, type OutputVersion } from '@productgraph/contracts';
import {
  createKeyedFoldTask,
  createPartitionRunner,
  type ConsumedRecord,
  type GroupPartition,
  type KeyedFold,
  type StateStore,
} from '@productgraph/kernel';

/*
 * The world of libs/kernel/src/crash.spec.ts over a store that is really there: a log, a fold with timers, outputs of which
 * the highest version counts.
 */

export const KEYS = ['a', 'b', 'c'];
export interface Line { key: string; id: string } // prettier-ignore
export interface Phase { records: { gap: number; lines: Line[] }[] } // prettier-ignore
interface Counter { n: number; opened: number } // prettier-ignore
interface Output { id: string; n: number; closed: boolean; version: OutputVersion } // prettier-ignore

/** Counts per key; a timer reports half-way and another closes. */
const counting: KeyedFold<Line, Counter, Output> = {
  *decode(record, isDuplicate) {
    const lines = JSON.parse(Buffer.from(record.payload).toString()) as Line[];
    for (const [at, line] of lines.entries()) if (!isDuplicate(at)) yield { key: line.key, event: line };
  },
  fold(state, _event, { key, time, version }) {
    const next = { n: (state?.n ?? 0) + 1, opened: state?.opened ?? time };
    const emit = state === null ? [{ id: key, n: next.n, closed: false, version: { revision: 0, ...version } }] : [];
    return { state: next, due: time + 4, emit };
  },
  timer(state, { key, time, version }) {
    const closed = time - state.opened >= 12;
    const emit = [{ id: key, n: state.n, closed, version: { revision: 0, ...version } }];
    return { state: closed ? null : state, due: closed ? null : time + 5, emit };
  },
  serialise: (state) => JSON.stringify(state),
  parse: (text) => JSON.parse(text) as Counter,
  outputKey: (output) => output.id,
};

/** A fault, thrown in place of an answer. */
export class Crash extends Error {}

export interface WorldOptions {
  readonly group: string;
  readonly store: StateStore;
  /** Batch sizes, used in turn. */
  readonly sizes: readonly number[];
  /** Called before and after each effect; a throw is a crash of the process, and what is waited for comes meanwhile. */
  readonly step?: () => Promise<void>;
  /** Whether a new process may go on after it; any other error is a bug. Default: a {@link Crash}. */
  readonly survives?: (error: unknown) => boolean;
}

export class World {
  readonly #records: ConsumedRecord[] = [];
  readonly #outputs = new Map<string, Output>();
  readonly #options: WorldOptions;
  readonly #partition: GroupPartition;
  #time = 0;
  /** Processes that ended before the log's end. */
  crashes = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#partition = { group: options.group, topic: 'events', generation: 1, partition: 0 };
  }

  /** Appends and reads each phase to its end; the last process starts anew, and so finds what was lost since. */
  async run(phases: readonly Phase[]): Promise<unknown> {
    for (const { records } of phases) {
      for (const { gap, lines } of records) this.#append((this.#time += gap), lines);
      this.#time += 7;
      await this.#toEnd(true);
    }
    await this.#toEnd(false);
    return this.#result();
  }

  async #toEnd(faults: boolean): Promise<void> {
    const { survives = (error) => error instanceof Crash } = this.#options;
    for (;;) {
      try {
        await this.#process(faults ? (this.#options.step ?? none) : none);
        return;
      } catch (error) {
        if (!survives(error) || this.crashes++ > 1_000) throw error;
      }
    }
  }

  async #process(step: () => Promise<void>): Promise<void> {
    const { group, sizes, store } = this.#options;
    const high = this.#records.length;
    const runner = createPartitionRunner({
      group,
      log: {
        topic: () => Promise.resolve({ topic: 'events', generation: 1, partitions: 1, dedupeWindow: 5 }),
        commit: () => Promise.resolve(),
        watermarks: () => Promise.resolve({ low: 0, high }),
      },
      clock: { now: () => this.#time, sleep: () => Promise.resolve() },
      task: createKeyedFoldTask({
        fold: counting,
        store: stepping(store, step),
        emit: async (outputs) => this.#emit(outputs),
      }),
    });
    let next = await runner.assigned(this.#partition, { low: 0, high });
    for (let turn = 0; ;) {
      while (next < high) {
        const records = this.#records.slice(next, next + (sizes[turn++ % sizes.length] ?? 1));
        next = await runner.batch({ partition: this.#partition, records, high });
      }
      const seek = await runner.idle(this.#partition);
      if (seek === null) return;
      next = seek;
    }
  }

  #emit(outputs: readonly Output[]): void {
    for (const output of outputs) {
      const known = this.#outputs.get(output.id);
      if (known === undefined || compareVersions(output.version, known.version) > 0) {
        this.#outputs.set(output.id, output);
      }
    }
  }

  async #result(): Promise<unknown> {
    const { store } = this.#options;
    const { next, windowStart, time } = await store.position(this.#partition);
    const values = await store.load(this.#partition, KEYS);
    const due = await store.due(this.#partition, Number.MAX_SAFE_INTEGER);
    return {
      ...{ next, windowStart, time },
      values: new Map([...values].sort()),
      due: new Map(due.map(({ key, at }) => [key, at] as const).sort()),
      outputs: new Map([...this.#outputs].sort()),
    };
  }

  #append(receivedAt: number, lines: readonly Line[]): void {
    const ids = Buffer.alloc(lines.length * 8);
    for (const [at, line] of lines.entries()) {
      const { hi, lo } = eventIdHash('p', line.id);
      ids.writeUInt32BE(hi, at * 8);
      ids.writeUInt32BE(lo, at * 8 + 4);
    }
    const [offset, payload] = [this.#records.length, Buffer.from(JSON.stringify(lines))];
    const about = { schema: 'events/1' as const, producer: 'spec', counts: {}, count: lines.length };
    this.#records.push({ ...about, offset, receivedAt, ids, payload });
  }
}

const none = (): Promise<void> => Promise.resolve();

function stepping(store: StateStore, step: () => Promise<void>): StateStore {
  async function around<T>(effect: () => Promise<T>): Promise<T> {
    await step();
    const answer = await effect();
    await step();
    return answer;
  }
  return {
    position: (partition) => around(() => store.position(partition)),
    load: (partition, keys) => around(() => store.load(partition, keys)),
    save: (partition, save) => around(() => store.save(partition, save)),
    due: (partition, until) => around(() => store.due(partition, until)),
  };
}
