import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

const half = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0xffffffff, 0x80000000));

describe('set of ids', () => {
  it('answers like a Set', () => {
    // Starts its notes over every third use.
    const set = new IdSet(3);
    fc.assert(
      fc.property(fc.array(fc.record({ hi: half, lo: half }), { minLength: 1, maxLength: 60 }), (hashes) => {
        set.clear(hashes.length);
        const known = new Set<string>();
        for (const hash of hashes) {
          const key = `${hash.hi}:${hash.lo}`;
          expect(set.add(hash)).toBe(!known.has(key));
          known.add(key);
        }
      }),
    );
  });
});
