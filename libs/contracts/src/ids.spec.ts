import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid, uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  it('holds time, version, variant and the given random bits', () => {
    const random = Buffer.from('ffffffffffffffffffff', 'hex');
    // The time of RFC 9562, appendix A.6.
    expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff');
    expect(uuidv7(0x017f22e279b0, Buffer.alloc(10))).toBe('017f22e2-79b0-7000-8000-000000000000');
  });

  it('sorts by time of making', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 }), fc.integer({ min: 1, max: 2 ** 46 }), (time, later) => {
        expect(uuidv7(time) < uuidv7(time + later)).toBe(true);
      }),
    );
  });

  it('never repeats, beyond the pool of random bytes too', () => {
    const ids = Array.from({ length: 5_000 }, () => uuidv7(1_785_000_000_000));
    expect(new Set(ids).size).toBe(5_000);
    expect(ids.every((id) => isUuid(id) && id[14] === '7' && '89ab'.includes(id[19] ?? ''))).toBe(true);
  });

  it('cuts fractions of a millisecond', () => {
    expect(uuidv7(1.9, Buffer.alloc(10))).toBe(uuidv7(1, Buffer.alloc(10)));
  });
});

describe('isUuid', () => {
  it.each([
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', true],
    ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', true],
    ['017f22e279b07cc398c4dc0c0c07398f', false],
    ['{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}', false],
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n', false],
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398g', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isUuid(text)).toBe(expected);
  });
});
