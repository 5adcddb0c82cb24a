import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp } from './timestamp.ts';

describe('timestamp', () => {
  it.each([
    ['2026-07-25T17:19:59.123Z', '2026-07-25T17:19:59.123Z'],
    ['2026-07-25T17:19:59Z', '2026-07-25T17:19:59.000Z'],
    ['2026-07-25t17:19:59z', '2026-07-25T17:19:59.000Z'],
    ['2026-07-25 17:19:59+02:00', '2026-07-25T15:19:59.000Z'],
    ['2026-07-25T17:19:59.1-0530', '2026-07-25T22:49:59.100Z'],
    ['2026-07-25T17:19:59.123456789+02', '2026-07-25T15:19:59.123Z'],
    ['2026-07-25T17:19', '2026-07-25T17:19:00.000Z'],
    ['2026-07-25', '2026-07-25T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00.000Z', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    [1_785_000_000_000.9, '2026-07-25T17:20:00.000Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
  ])('%j is %s', (value, expected) => {
    expect(new Date(parseTimestamp(value)).toISOString()).toBe(expected);
  });

  it.each([
    '', 'now', '2026', '2026-07', '2026-13-01', '2026-00-01', '2026-02-30', '2025-02-29', '1900-02-29', '2026-07-25T', '2026-07-25T24:00:00Z',
    '2026-07-25T17:60:00Z', '2026-07-25T17:19:60Z', '2026-07-25T17:19:59.Z', '2026-07-25T17:19:59+24:00', '2026-07-25T17:19:59+02:60',
    '2026-07-25T17:19:59ZZ', '2026-07-25T17-19-59Z', '2026-07-25x17:19:59Z', '2026/07/25', '25/Jul/2026', 'Jul 25, 2026', '1785000000000', '+2026-07-25',
    '2026-07-25T17:19:59.12٣Z', '0000-01-01', Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e15, true, null, undefined, {}, ['2026-07-25'],
  ])('%j is none', (value) => {
    expect(parseTimestamp(value)).toBeNaN();
  }); // prettier-ignore

  it('reads what toISOString writes', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseTimestamp(date.toISOString())).toBe(date.getTime());
        expect(parseTimestamp(date.toISOString().replace('Z', '+00:00'))).toBe(date.getTime());
        expect(parseTimestamp(date.getTime())).toBe(date.getTime());
      }),
      { numRuns: 500 },
    );
  });
});
