import { PLACEHOLDER_IDS } from '@productgraph/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainRealId, realId } from './identity.ts';

const bytesSayReal = (id: string): boolean => {
  const bytes = Buffer.from(`"${id}"`);
  return isPlainRealId(bytes, 1, bytes.length - 1);
};

describe('identity', () => {
  it.each([...PLACEHOLDER_IDS, ' NULL ', 'Undefined', '[Object object]', '\tguest\n', '\u00a0none', 'NaN', '-1'])(
    '%j is nobody',
    (id) => {
      expect(realId(id)).toBeNull();
      expect(bytesSayReal(id)).toBe(false);
    },
  );

  it.each([
    '42',
    'null-1',
    '00000000-0000-0000-0000-000000000001',
    'Guest-7',
    '01',
    ' a ',
    'é',
    '漢字',
    'x'.repeat(200),
  ])('%j is somebody, kept as sent', (id) => {
    expect(realId(id)).toBe(id);
  });

  it('by bytes never takes nobody for somebody', () => {
    const ids = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .tuple(
          fc.constantFrom('', ' ', '\t', '\u00a0'),
          fc.constantFrom(...PLACEHOLDER_IDS),
          fc.constantFrom('', ' ', 's'),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(ids, (id) => {
        if (bytesSayReal(id)) expect(realId(id)).toBe(id);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes an ordinary id without a closer look', () => {
    expect(['user-1', '42', '9b7c8d9e-0000-4000-8000-000000000000'].map(bytesSayReal)).toEqual([true, true, true]);
  });
});
