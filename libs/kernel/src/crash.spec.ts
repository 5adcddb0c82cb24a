import { eventIdHash, type OutputVersion } from '@productgraph/contracts';
import { compareVersions } from '@productgraph/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsumedRecord, PartitionRef } from './event-log.ts';
import { createKeyedFoldTask, type KeyedFold } from './keyed-fold.ts';
import { createPartitionRunner } from './partition-runner.ts';
import type { StatePosition, StateStore } from './state-store.ts';

/*
 * decisions.md 2-4 and 7 as a property: crash at any await, before or after its effect; state, offset and the highest
 * version per id must equal the uninterrupted run.
 */

const WINDOW = 5;
const PARTITION: PartitionRef = { topic: 'events', generation: 1, partition: 0 };
interface Line { key: string; id: string } // prettier-ignore
interface Counter { n: number; opened: number } // prettier-ignore
interface Output { id: string; n: number; closed: boolean; version: OutputVersion } // prettier-ignore

class Crash extends Error {}

/** Counts per key; a timer reports half-way and another closes: two timers may fire without a record between them. */
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

/** Durable things of the world, every access a crash point. */
class World {
  readonly records: ConsumedRecord[] = [];
  readonly outputs = new Map<string, Output>();
  readonly values = new Map<string, { value: string; due: number | null }>();
  position: StatePosition = { revision: 0, next: null, windowStart: null, time: 0 };
  crashes = 0;
  readonly #points: Iterator<number>;
  #until: number;

  constructor(points: readonly number[]) {
    this.#points = points[Symbol.iterator]();
    this.#until = this.#nextPoint();
  }

  #nextPoint(): number {
    const next = this.#points.next();
    return next.done === true ? Number.POSITIVE_INFINITY : next.value;
  }

  #step(): void {
    if (this.#until-- > 0) return;
    this.#until = this.#nextPoint();
    this.crashes++;
    throw new Crash();
  }

  async access<T>(effect: () => T): Promise<T> {
    await Promise.resolve();
    this.#step();
    const result = effect();
    this.#step();
    return result;
  }

  readonly store: StateStore = {
    position: () => this.access(() => this.position),
    load: (_partition, keys) =>
      this.access(
        () => new Map(keys.flatMap((key) => (this.values.has(key) ? [[key, this.values.get(key)?.value ?? '']] : []))),
      ),
    due: (_partition, until) =>
      this.access(() =>
        [...this.values].flatMap(([key, { due }]) => (due !== null && due <= until ? [{ key, at: due }] : [])),
      ),
    save: (_partition, save) =>
      this.access(() => {
        if (save.expectedRevision !== this.position.revision) return null;
        const { next, windowStart, time } = save;
        this.position = { revision: this.position.revision + 1, next, windowStart, time };
        for (const { key, value, due } of save.puts) this.values.set(key, { value, due });
        for (const key of save.deletes) this.values.delete(key);
        return this.position.revision;
      }),
  };

  emit(outputs: readonly Output[]): Promise<void> {
    return this.access(() => {
      for (const output of outputs) {
        const known = this.outputs.get(output.id);
        if (known === undefined || compareVersions(output.version, known.version) > 0)
          this.outputs.set(output.id, output);
      }
    });
  }

  append(receivedAt: number, lines: readonly Line[]): void {
    const ids = Buffer.alloc(lines.length * 8);
    for (const [at, line] of lines.entries()) {
      const { hi, lo } = eventIdHash('p', line.id);
      ids.writeUInt32BE(hi, at * 8);
      ids.writeUInt32BE(lo, at * 8 + 4);
    }
    const payload = Buffer.from(JSON.stringify(lines));
    const offset = this.records.length;
    this.records.push({
      offset,
      schema: 'events/1',
      count: lines.length,
      receivedAt,
      ids,
      counts: {},
      producer: 'spec',
      payload,
    });
  }
}

/** Reads to the log's end and ticks once at `now`; starts a new process after each crash. `sizes` are batch sizes, used in turn. */
async function runToEnd(world: World, now: number, sizes: readonly number[]): Promise<void> {
  for (;;) {
    try {
      await runProcess(world, now, sizes);
      return;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

async function runProcess(world: World, now: number, sizes: readonly number[]): Promise<void> {
  const runner = createPartitionRunner({
    group: 'counters',
    log: {
      topic: () => Promise.resolve({ topic: 'events', generation: 1, partitions: 1, dedupeWindow: WINDOW }),
      commit: () => world.access(() => undefined),
      watermarks: () => Promise.resolve({ low: 0, high: world.records.length }),
    },
    clock: { now: () => now, sleep: () => Promise.resolve() },
    task: createKeyedFoldTask({ fold: counting, store: world.store, emit: (outputs) => world.emit(outputs) }),
  });
  let next = await runner.assigned(PARTITION, { low: 0, high: world.records.length });
  for (let turn = 0; ; turn++) {
    while (next < world.records.length) {
      const records = world.records.slice(next, next + (sizes[turn++ % sizes.length] ?? 1));
      next = await runner.batch({ partition: PARTITION, records, high: world.records.length });
    }
    const seek = await runner.idle(PARTITION);
    if (seek === null) return;
    next = seek;
  }
}

interface Phase { records: { gap: number; lines: Line[] }[] } // prettier-ignore

async function runPhases(world: World, phases: readonly Phase[], sizes: readonly number[]): Promise<unknown> {
  let time = 0;
  for (const { records } of phases) {
    for (const { gap, lines } of records) world.append((time += gap), lines);
    time += 7;
    await runToEnd(world, time, sizes);
  }
  const { next, windowStart, time: runnerTime } = world.position;
  return {
    next,
    windowStart,
    runnerTime,
    values: new Map([...world.values].sort()),
    outputs: new Map([...world.outputs].sort()),
  };
}

const line = fc.record({ key: fc.constantFrom('a', 'b', 'c'), id: fc.integer({ min: 0, max: 15 }).map(String) });
const phase = fc.record({
  records: fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 6 }), lines: fc.array(line, { minLength: 1, maxLength: 4 }) }),
    { maxLength: 8 },
  ),
});
const phases = fc.array(phase, { minLength: 1, maxLength: 3 });
const batchSizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

describe('a processor that crashes', () => {
  it('ends in the same state, offset and highest versions as one that does not', async () => {
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(
        phases,
        batchSizes,
        fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 30 }),
        async (input, sizes, points) => {
          const expected = await runPhases(new World([]), input, [1]);
          const crashing = new World(points);
          expect(await runPhases(crashing, input, sizes)).toEqual(expected);
          crashes += crashing.crashes;
        },
      ),
      { numRuns: 300 },
    );
    // The property would be empty if the crash points were never reached.
    expect(crashes).toBeGreaterThan(500);
  });

  it('would be caught if the offset were saved before the state', async () => {
    // Mutation check: a store that saves the position apart from the values loses a fold when the crash falls between.
    const input: Phase[] = [
      {
        records: [
          { gap: 1, lines: [{ key: 'a', id: '1' }] },
          { gap: 1, lines: [{ key: 'a', id: '2' }] },
        ],
      },
    ];
    const expected = await runPhases(new World([]), input, [1]);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, point) => {
        const world = new World([point]);
        const save = world.store.save.bind(world.store);
        const torn: StateStore = {
          ...world.store,
          save: async (partition, request) => {
            const revision = await save(partition, { ...request, puts: [], deletes: [] });
            if (revision !== null) {
              await world.access(() => {
                for (const { key, value, due } of request.puts) world.values.set(key, { value, due });
              });
            }
            return revision;
          },
        };
        Object.assign(world, { store: torn });
        return (
          JSON.stringify(await runPhases(world, input, [1]), mapsAsArrays) === JSON.stringify(expected, mapsAsArrays)
        );
      }),
    );
    expect(outcomes).toContain(false);
  });

  it('goes back to the durable position when someone else has saved', async () => {
    const world = new World([]);
    world.append(1, [{ key: 'a', id: '1' }]);
    world.append(2, [{ key: 'a', id: '2' }]);
    const { store } = world;
    let interfered = false;
    Object.assign(world, {
      store: {
        ...store,
        save: (partition, request) => {
          // Between load and save another owner folds the first record.
          if (!interfered) {
            interfered = true;
            world.position = { revision: 1, next: 1, windowStart: 0, time: 1 };
            world.values.set('a', { value: '{"n":1,"opened":1}', due: 5 });
          }
          return store.save(partition, request);
        },
      } satisfies StateStore,
    });
    await runToEnd(world, 2, [2]);
    expect(world.position.next).toBe(2);
    expect(world.values.get('a')?.value).toBe('{"n":2,"opened":1}');
  });
});

function mapsAsArrays(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...(value as Map<string, unknown>)] : value;
}
