import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDedupeWindow } from './dedupe-window.ts';

/** The definition, word for word: duplicate = among the last `size` events before it. */
function verdictsByDefinition(ids: readonly number[], size: number): boolean[] {
  return ids.map((id, at) => ids.slice(Math.max(0, at - size), at).includes(id));
}

describe('dedupe window', () => {
  it.each([
    { name: 'a repeat inside the window', size: 3, ids: [1, 2, 1], expected: [false, false, true] },
    {
      name: 'exactly `size` events back still counts',
      size: 3,
      ids: [1, 2, 3, 1],
      expected: [false, false, false, true],
    },
    { name: 'one further does not', size: 3, ids: [1, 2, 3, 4, 1], expected: [false, false, false, false, false] },
    {
      name: 'duplicates take room too',
      size: 2,
      ids: [1, 1, 1, 2, 2, 1],
      expected: [false, true, true, false, true, false],
    },
    { name: 'a repeat keeps its id alive', size: 2, ids: [1, 2, 1, 3, 1], expected: [false, false, true, false, true] },
    { name: 'size one', size: 1, ids: [7, 7, 8, 7], expected: [false, true, false, false] },
  ])('$name', ({ size, ids, expected }) => {
    const window = createDedupeWindow(size);
    expect(ids.map((id) => window.add(0, id))).toEqual(expected);
  });

  it('equals the definition for any ids, sizes and hash collisions in the table', () => {
    const id = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(
        fc.array(id, { maxLength: 400 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(1, 64, 4096),
        (ids, size, stride) => {
          const window = createDedupeWindow(size);
          // A stride of 64 or 4096 makes all ids fall into few slots of the table.
          const verdicts = ids.map((n) => window.add(n, n * stride));
          expect(verdicts).toEqual(verdictsByDefinition(ids, size));
        },
      ),
    );
  });

  it('tells hashes apart by both halves, up to the full 32 bits', () => {
    const window = createDedupeWindow(10);
    const hashes = [[0xffffffff, 0], [0, 0xffffffff], [0, 0], [0xffffffff, 0xffffffff]] as const; // prettier-ignore
    expect(hashes.map(([hi, lo]) => window.add(hi, lo))).toEqual([false, false, false, false]);
    expect(hashes.map(([hi, lo]) => window.add(hi, lo))).toEqual([true, true, true, true]);
  });

  it('forgets everything on clear', () => {
    const window = createDedupeWindow(4);
    window.add(1, 1);
    window.clear();
    expect(window.add(1, 1)).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a size of %s', (size) => {
    expect(() => createDedupeWindow(size)).toThrow(RangeError);
  });
});
