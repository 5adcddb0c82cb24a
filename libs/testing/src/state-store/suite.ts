import type { GroupPartition, StateSave, StateStore } from '@productgraph/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A state store under test. */
export interface StateStoreFixture {
  readonly store: StateStore;
  close(): Promise<void>;
}

const PARTITION: GroupPartition = { group: 'sessions', topic: 'events', generation: 1, partition: 2 };

const saveOf = (expectedRevision: number, changes: Partial<StateSave> = {}): StateSave => ({
  expectedRevision,
  next: 10,
  windowStart: 3,
  time: 1_760_000_000_000,
  puts: [],
  deletes: [],
  ...changes,
});

const put = (key: string, value: string, due: number | null = null): StateSave['puts'][number] => ({ key, value, due });

/** The contract of {@link StateStore}: what every state store promises, on whatever it is built. */
export function stateStoreSuite(name: string, open: () => Promise<StateStoreFixture>): void {
  describe(`state store: ${name}`, () => {
    let fixture: StateStoreFixture;
    beforeEach(async () => void (fixture = await open()));
    afterEach(() => fixture.close());

    positionCases(() => fixture.store);
    compareAndSetCases(() => fixture.store);
    valueCases(() => fixture.store);
    timerCases(() => fixture.store);
    namespaceCases(() => fixture.store);
  });
}

function positionCases(store: () => StateStore): void {
  it('knows nothing of a partition that was never saved', async () => {
    expect(await store().position(PARTITION)).toEqual({ revision: 0, next: null, windowStart: null, time: 0 });
    expect(await store().load(PARTITION, ['a'])).toEqual(new Map());
    expect(await store().due(PARTITION, Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('gives the position back as saved', async () => {
    expect(await store().save(PARTITION, saveOf(0))).toBe(1);
    expect(await store().position(PARTITION)).toEqual({
      revision: 1,
      next: 10,
      windowStart: 3,
      time: 1_760_000_000_000,
    });
    expect(await store().save(PARTITION, saveOf(1, { next: 2 ** 52, windowStart: null, time: 0 }))).toBe(2);
    expect(await store().position(PARTITION)).toEqual({ revision: 2, next: 2 ** 52, windowStart: null, time: 0 });
  });
}

function compareAndSetCases(store: () => StateStore): void {
  it.each([
    { title: 'behind', expected: 0 },
    { title: 'ahead', expected: 5 },
  ])('changes nothing when the expected revision is $title', async ({ expected }) => {
    await store().save(PARTITION, saveOf(0, { puts: [put('a', '1', 100)] }));
    const missed = saveOf(expected, { next: 99, puts: [put('a', '2', 200), put('b', '3')], deletes: [] });
    expect(await store().save(PARTITION, missed)).toBeNull();
    expect(await store().save(PARTITION, { ...missed, puts: [], deletes: ['a'] })).toBeNull();
    expect(await store().position(PARTITION)).toMatchObject({ revision: 1, next: 10 });
    expect(await store().load(PARTITION, ['a', 'b'])).toEqual(new Map([['a', '1']]));
    expect(await store().due(PARTITION, 1000)).toEqual([{ key: 'a', at: 100 }]);
  });

  it('lets exactly one of many savers at the same revision through, on the first save and later', async () => {
    for (const revision of [0, 1, 2]) {
      const saves = Array.from({ length: 8 }, (_, n) =>
        store().save(PARTITION, saveOf(revision, { next: n, puts: [put('winner', String(n))] })),
      );
      const winners = (await Promise.all(saves)).flatMap((answer, n) => (answer === null ? [] : [{ answer, n }]));
      expect(winners.length).toBe(1);
      expect(winners[0]?.answer).toBe(revision + 1);
      expect(await store().load(PARTITION, ['winner'])).toEqual(new Map([['winner', String(winners[0]?.n)]]));
    }
  });
}

function valueCases(store: () => StateStore): void {
  it('puts, replaces and deletes in one save', async () => {
    await store().save(PARTITION, saveOf(0, { puts: [put('a', '1'), put('b', '2'), put('c', '3')] }));
    await store().save(PARTITION, saveOf(1, { puts: [put('b', '22'), put('d', '4')], deletes: ['a', 'absent'] }));
    const all = await store().load(PARTITION, ['a', 'b', 'c', 'd', 'absent']);
    expect(all).toEqual(new Map([['b', '22'], ['c', '3'], ['d', '4']])); // prettier-ignore
  });

  it('keeps the last of several puts of a key, and a put over a delete', async () => {
    await store().save(PARTITION, saveOf(0, { puts: [put('a', '1', 5), put('a', '2', 7)], deletes: ['a'] }));
    expect(await store().load(PARTITION, ['a'])).toEqual(new Map([['a', '2']]));
    expect(await store().due(PARTITION, 10)).toEqual([{ key: 'a', at: 7 }]);
  });

  it('keeps any key and text exactly: quotes, line breaks, separators, 256 KB', async () => {
    const puts = [
      put('p\0u:user "1"\\', '{"a":"\\u0000 \\"x\\" ünïcödé 🙂 {},NULL"}'),
      put('', ''),
      put('{a,b}', 'null'),
      put('line\nbreak\ttab', '\r\n\t'),
      put('large', 'x'.repeat(256 * 1024)),
    ];
    await store().save(PARTITION, saveOf(0, { puts }));
    const loaded = await store().load(
      PARTITION,
      puts.map((one) => one.key),
    );
    expect(loaded).toEqual(new Map(puts.map(({ key, value }) => [key, value])));
  });

  it('takes 5,000 keys in one save', async () => {
    const puts = Array.from({ length: 5000 }, (_, n) => put(`key ${n}`, `value ${n}`, n));
    await store().save(PARTITION, saveOf(0, { puts }));
    const keys = puts.map((one) => one.key);
    expect((await store().load(PARTITION, keys)).size).toBe(5000);
    expect((await store().due(PARTITION, 999)).length).toBe(1000);
    await store().save(PARTITION, saveOf(1, { deletes: keys }));
    expect((await store().load(PARTITION, keys)).size).toBe(0);
  });
}

function timerCases(store: () => StateStore): void {
  it('tells the timers due at or before a time, as last put', async () => {
    const puts = [put('early', '1', 100), put('on time', '2', 200), put('late', '3', 201), put('none', '4')];
    await store().save(PARTITION, saveOf(0, { puts }));
    const due = async (until: number): Promise<string[]> =>
      (await store().due(PARTITION, until)).map(({ key, at }) => `${key} ${at}`).sort();
    expect(await due(99)).toEqual([]);
    expect(await due(200)).toEqual(['early 100', 'on time 200']);
    await store().save(
      PARTITION,
      saveOf(1, { puts: [put('early', '1', null), put('late', '3', 150)], deletes: ['on time'] }),
    );
    expect(await due(1000)).toEqual(['late 150']);
  });
}

function namespaceCases(store: () => StateStore): void {
  it.each([{ group: 'other' }, { topic: 'sessions' as const }, { generation: 2 }, { partition: 3 }])(
    'keeps namespaces apart: %o',
    async (difference) => {
      const neighbour: GroupPartition = { ...PARTITION, ...difference };
      await store().save(PARTITION, saveOf(0, { puts: [put('a', 'mine', 1)] }));
      expect(await store().position(neighbour)).toMatchObject({ revision: 0, next: null });
      expect(await store().save(neighbour, saveOf(0, { next: 77, puts: [put('a', 'theirs')] }))).toBe(1);
      expect(await store().load(PARTITION, ['a'])).toEqual(new Map([['a', 'mine']]));
      expect(await store().position(PARTITION)).toMatchObject({ next: 10 });
      expect(await store().due(neighbour, 10)).toEqual([]);
    },
  );
}
