import { createMemoryStateStore } from '@productgraph/adapter-memory';
import { describe, expect, it } from 'vitest';
import type { ConsumedRecord, GroupPartition } from './event-log.ts';
import { createKeyedFoldTask, type KeyedFold } from './keyed-fold.ts';
import type { TaskBatch } from './partition-task.ts';
import type { StateStore } from './state-store.ts';

const partition: GroupPartition = { group: 'spec', topic: 'events', generation: 1, partition: 0 };
const HOUR = 3_600_000;

/** Every line is a key; it is forgotten `payload` milliseconds after it was seen, with an output. */
const forgetting: KeyedFold<number, { seen: number }, string> = {
  *decode(record) {
    const { keys, after } = JSON.parse(Buffer.from(record.payload).toString()) as { keys: string[]; after: number };
    for (const key of keys) yield { key, event: after };
  },
  fold: (_state, after, { time }) => ({ state: { seen: time }, due: time + after, emit: [] }),
  timer: (_state, { key }) => ({ state: null, due: null, emit: [key] }),
  serialise: (state) => JSON.stringify(state),
  parse: (text) => JSON.parse(text) as { seen: number },
  outputKey: (output) => output,
};

function record(offset: number, receivedAt: number, content: { keys: string[]; after: number }): ConsumedRecord {
  const payload = Buffer.from(JSON.stringify(content));
  return {
    offset,
    schema: 'events/1',
    count: content.keys.length,
    receivedAt,
    ids: new Uint8Array(),
    counts: {},
    producer: 'spec',
    payload,
  };
}

function batchOf(...records: ConsumedRecord[]): TaskBatch {
  const [last] = records.slice(-1);
  const position = { next: (last?.offset ?? 0) + 1, windowStart: null, time: last?.receivedAt ?? 0 };
  return { partition, records, isDuplicate: () => false, position };
}

/** A store that notes how much each save carried and up to when timers were asked for. */
function notingStore(): { store: StateStore; saves: number[]; horizons: number[] } {
  const inner = createMemoryStateStore();
  const saves: number[] = [];
  const horizons: number[] = [];
  const store: StateStore = {
    position: (at) => inner.position(at),
    load: (at, keys) => inner.load(at, keys),
    save: (at, save) => {
      saves.push(save.puts.length + save.deletes.length);
      return inner.save(at, save);
    },
    due: (at, until) => {
      horizons.push(until);
      return inner.due(at, until);
    },
  };
  return { store, saves, horizons };
}

const keys = Array.from({ length: 5_000 }, (_, n) => `key ${String(n)}`);

async function setUp() {
  const noted = notingStore();
  const emitted: string[] = [];
  const emit = (outputs: readonly string[]): Promise<void> => Promise.resolve(void emitted.push(...outputs));
  const task = createKeyedFoldTask({ fold: forgetting, store: noted.store, emit })(partition);
  await task.open();
  return { ...noted, emitted, task };
}

describe('keyed fold', () => {
  it.each([
    { name: 'a tick', work: 'tick' },
    { name: 'the next record', work: 'batch' },
  ] as const)('works off what is overdue after a pause in bounded steps, by $name', async ({ work }) => {
    const { task, saves, emitted } = await setUp();
    await task.batch(batchOf(record(0, 1_000, { keys, after: HOUR })));
    saves.length = 0;
    const later = 1_000 + 48 * HOUR;
    const done =
      work === 'tick' ? task.tick(later) : task.batch(batchOf(record(1, later, { keys: ['new'], after: HOUR })));
    await expect(done).resolves.toBe(true);
    expect(new Set(emitted)).toEqual(new Set(keys));
    expect(emitted).toHaveLength(keys.length);
    expect(Math.max(...saves)).toBeLessThanOrEqual(2_001);
  });

  it('asks the store only for the timers of the next quarter of an hour', async () => {
    const { task, horizons, emitted } = await setUp();
    await task.batch(batchOf(record(0, 1_000, { keys: ['soon'], after: 60_000 })));
    await task.batch(batchOf(record(1, 2_000, { keys: ['far'], after: 26 * HOUR })));
    expect(horizons).toEqual([1_000 + HOUR / 4]);
    await task.tick(70_000);
    expect(emitted).toEqual(['soon']);
    await task.tick(2_000 + 26 * HOUR);
    expect(emitted).toEqual(['soon', 'far']);
  });
});
