import fc from 'fast-check';
import { recordOf } from '@productgraph/testing';
import { expect, it } from 'vitest';
import { HeldBuffers } from './held-buffers.ts';

const KB = 1024;
const none = new Uint8Array(0);

it('counts the buffer behind a small view', () => {
  const held = new HeldBuffers();
  const record = recordOf('small', { payload: Buffer.alloc(64 * KB).subarray(8, 108), ids: none });
  held.hold(record);
  expect(held.bytes).toBe(64 * KB + 512);
  held.release(record);
  expect(held.bytes).toBe(0);
});

it('counts a buffer that several records share once, until the last of them goes', () => {
  const held = new HeldBuffers();
  const slab = Buffer.alloc(8 * KB);
  const [first, second] = [0, 1].map((at) => recordOf('one', { payload: slab.subarray(at, at + 1), ids: slab }));
  if (first === undefined || second === undefined) throw new Error('two');
  held.hold(first);
  held.hold(second);
  expect(held.bytes).toBe(8 * KB + 2 * 512);
  held.release(first);
  expect(held.bytes).toBe(8 * KB + 512);
  held.release(second);
  expect(held.bytes).toBe(0);
});

it('is the sum over distinct buffers, in whatever order records come and go', () => {
  const slabs = [1, 2, 3].map((n) => Buffer.alloc(n * KB));
  const view = (slab: number): Uint8Array => slabs[slab]?.subarray(0, 10) ?? none;
  const one = fc.record({ payload: fc.nat(2), ids: fc.nat(2), goes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(one), (steps) => {
      const held = new HeldBuffers();
      const records = steps.map((step) => ({
        ...step,
        ...recordOf('x', { payload: view(step.payload), ids: view(step.ids) }),
      }));
      for (const record of records) held.hold(record);
      for (const record of records.filter(({ goes }) => goes)) held.release(record);
      const left = records.filter(({ goes }) => !goes);
      const buffers = new Set(left.flatMap(({ payload, ids }) => [payload.buffer, ids.buffer]));
      const sum = [...buffers].reduce((bytes, buffer) => bytes + buffer.byteLength, 0);
      expect(held.bytes).toBe(sum + left.length * 512);
    }),
  );
});
