import { describe, expect, it } from 'vitest';
import { isStorableTime } from './months.ts';

describe('months', () => {
  it.each([
    ['1999-12-31T23:59:59.999Z', false],
    ['2000-01-01T00:00:00.000Z', true],
    ['2099-12-31T23:59:59.999Z', true],
    ['2100-01-01T00:00:00.000Z', false],
    ['nonsense', false],
  ])('%s can be stored: %s', (time, storable) => {
    expect(isStorableTime(Date.parse(time))).toBe(storable);
  });
});
