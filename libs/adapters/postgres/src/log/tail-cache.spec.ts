import fc from 'fast-check';
import type { ConsumedRecord } from '@productgraph/kernel';
import { recordOf } from '@productgraph/testing';
import { expect, it } from 'vitest';
import { HeldBuffers } from './held-buffers.ts';
import { TailCache } from './tail-cache.ts';

const records = (from: number, n: number, size = 10): ConsumedRecord[] =>
  Array.from({ length: n }, (_, index) => ({
    ...recordOf(`r${from + index}`, { payload: Buffer.alloc(size) }),
    offset: from + index,
  }));
const offsets = (found: readonly ConsumedRecord[] | null): number[] | null => found?.map((one) => one.offset) ?? null;

it('hands out what was added, from any offset held', () => {
  const cache = new TailCache(1_000_000);
  const added = records(5, 4);
  cache.add(1, added);
  expect(cache.read(1, 5, 2)).toEqual(added.slice(0, 2));
  expect(cache.read(1, 5, 2)?.[0]).toBe(added[0]);
  expect(offsets(cache.read(1, 7, 10))).toEqual([7, 8]);
  expect(cache.read(1, 4, 10)).toBeNull();
  expect(cache.read(1, 9, 10)).toBeNull();
  expect(cache.read(2, 5, 10)).toBeNull();
});

it('starts anew behind a gap', () => {
  const cache = new TailCache(1_000_000);
  cache.add(1, records(0, 3));
  cache.add(1, records(10, 2));
  expect(cache.read(1, 2, 10)).toBeNull();
  expect(offsets(cache.read(1, 10, 10))).toEqual([10, 11]);
});

it('bounds what stays in memory, not what the records show of it', () => {
  const cache = new TailCache(1_000_000);
  const view = (): Buffer => Buffer.alloc(64 * 1024).subarray(0, 100);
  const added = records(0, 100).map((record) => ({ ...record, payload: view(), ids: new Uint8Array(0) }));
  cache.add(1, added);
  // 15 buffers of 64 KB fit, and their 15 records are the newest.
  expect([cache.read(1, 84, 100), offsets(cache.read(1, 85, 1))]).toEqual([null, [85]]);
});

it('keeps within its bytes and to contiguous records of each stream, whatever is added', () => {
  const step = fc.record({
    stream: fc.integer({ min: 0, max: 2 }),
    n: fc.integer({ min: 1, max: 20 }),
    size: fc.nat(3000),
    gap: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = new TailCache(50_000);
      const next = [0, 0, 0];
      for (const { stream, n, size, gap } of steps) {
        const from = (next[stream] ?? 0) + (gap ? 3 : 0);
        cache.add(stream, records(from, n, size));
        next[stream] = from + n;
        expect(cache.bytes).toBeLessThanOrEqual(50_000);
      }
      const held = new HeldBuffers();
      for (const stream of [0, 1, 2]) {
        const end = next[stream] ?? 0;
        const first =
          Array.from({ length: end }, (_, at) => at).find((at) => cache.read(stream, at, 1) !== null) ?? end;
        const found = cache.read(stream, first, 100_000) ?? [];
        expect(offsets(found)).toEqual(Array.from({ length: end - first }, (_, index) => first + index));
        for (const record of found) held.hold(record);
      }
      expect(cache.bytes).toBe(held.bytes);
    }),
  );
});
