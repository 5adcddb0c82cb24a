import { monthOf, monthStart } from '@productgraph/domain-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthOfPartition, partitionName } from './months.ts';

describe('months', () => {
  it.each([
    ['2000-01-01T00:00:00.000Z', 'events_2000_01'],
    ['2015-05-31T23:59:59.999Z', 'events_2015_05'],
    ['2015-06-01T00:00:00.000Z', 'events_2015_06'],
    ['2026-12-31T23:59:59.999Z', 'events_2026_12'],
  ])('%s lies in %s', (time, name) => {
    expect(partitionName('events', monthOf(Date.parse(time)))).toBe(name);
  });

  it('hold exactly the times from their start to the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) - 1 }), (time) => {
        const month = monthOf(time);
        expect(monthStart(month)).toBeLessThanOrEqual(time);
        expect(monthStart(month + 1)).toBeGreaterThan(time);
        expect(monthOfPartition('sessions', partitionName('sessions', month))).toBe(month);
      }),
    );
  });

  it('are read from names of partitions only', () => {
    expect(monthOfPartition('events', 'sessions_2015_05')).toBeNull();
    expect(monthOfPartition('events', 'events_old')).toBeNull();
  });
});
