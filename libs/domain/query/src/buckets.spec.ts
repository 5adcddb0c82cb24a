import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { bucketIndex, bucketsAtMost, bucketStarts, dayStart, isTimeZone, previousRange } from './buckets.ts';
import { parseRange } from './ranges.ts';
import type { Interval } from './questions.ts';

const ms = (iso: string): number => Date.parse(iso);

describe('bucketStarts', () => {
  const cases: [string, Interval, string, string, string[]][] = [
    ['UTC', 'day', '2024-02-28T12:00Z', '2024-03-01T00:00Z', ['2024-02-28T00:00Z', '2024-02-29T00:00Z']],
    ['UTC', 'week', '2024-01-03T00:00Z', '2024-01-09T00:00Z', ['2024-01-01T00:00Z', '2024-01-08T00:00Z']],
    ['UTC', 'month', '2024-01-31T00:00Z', '2024-03-01T00:00Z', ['2024-01-01T00:00Z', '2024-02-01T00:00Z']],
    ['UTC', 'hour', '2024-01-01T00:30Z', '2024-01-01T02:00Z', ['2024-01-01T00:00Z', '2024-01-01T01:00Z']],
    ['UTC', 'minute', '2024-01-01T00:00:59Z', '2024-01-01T00:01:01Z', ['2024-01-01T00:00Z', '2024-01-01T00:01Z']],
    // 23 hours on 2024-03-31, 25 on 2024-10-27
    ['Europe/Berlin', 'day', '2024-03-30T23:00Z', '2024-04-01T22:00Z', ['2024-03-30T23:00Z', '2024-03-31T22:00Z']],
    ['Europe/Berlin', 'day', '2024-10-26T22:00Z', '2024-10-28T23:00Z', ['2024-10-26T22:00Z', '2024-10-27T23:00Z']],
    ['Asia/Kolkata', 'hour', '2024-01-01T00:00Z', '2024-01-01T01:00Z', ['2023-12-31T23:30Z', '2024-01-01T00:30Z']],
    // midnight is skipped on 2018-11-04
    ['America/Sao_Paulo', 'day', '2018-11-03T12:00Z', '2018-11-05T12:00Z', ['2018-11-03T03:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z']],
    // the hour from midnight comes twice on 2024-11-03
    ['America/Havana', 'day', '2024-11-03T05:30Z', '2024-11-03T06:00Z', ['2024-11-03T04:00Z']],
    // there was no 2011-12-30
    ['Pacific/Apia', 'day', '2011-12-29T12:00Z', '2012-01-01T00:00Z', ['2011-12-29T10:00Z', '2011-12-30T10:00Z', '2011-12-31T10:00Z']],
    // half an hour's change on 2024-10-06: hours count from the day's start, the last one is short
    ['Australia/Lord_Howe', 'hour', '2024-10-06T11:30Z', '2024-10-06T13:30Z', ['2024-10-06T11:30Z', '2024-10-06T12:30Z', '2024-10-06T13:00Z']],
  ]; // prettier-ignore
  it.each(cases)('%s by %s from %s to %s', (...[timeZone, interval, from, to, starts]) => {
    expect(
      bucketStarts({ from: ms(from), to: ms(to), interval, timeZone }).map((at) => new Date(at).toISOString()),
    ).toEqual(starts.map((at) => new Date(at).toISOString()));
  });

  it('gives 24, 23 and 25 hours to a day', () => {
    const hours = (from: string, to: string): number =>
      bucketStarts({ from: ms(from), to: ms(to), interval: 'hour', timeZone: 'America/New_York' }).length;
    expect(hours('2024-03-09T05:00Z', '2024-03-10T05:00Z')).toBe(24);
    expect(hours('2024-03-10T05:00Z', '2024-03-11T04:00Z')).toBe(23);
    expect(hours('2024-11-03T04:00Z', '2024-11-04T05:00Z')).toBe(25);
  });

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Havana',
    'Pacific/Apia',
    'Africa/Cairo',
    'America/Sao_Paulo',
  ];
  const ranges = fc.record({
    from: fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2030, 0) }),
    length: fc.integer({ min: 1, max: 20 * 86_400_000 }),
    timeZone: fc.constantFrom(...zones),
    interval: fc.constantFrom<Interval>('hour', 'day', 'week', 'month'),
  }); // prettier-ignore

  it('covers the range with ascending local starts, within the bound', () => {
    fc.assert(
      fc.property(ranges, ({ from, length, timeZone, interval }) => {
        const starts = bucketStarts({ from, to: from + length, interval, timeZone });
        expect(starts[0]).toBeLessThanOrEqual(from);
        expect(starts[1] ?? Infinity).toBeGreaterThan(from);
        expect(starts.at(-1)).toBeLessThan(from + length);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        expect(starts.length).toBeLessThanOrEqual(bucketsAtMost({ from, to: from + length, interval }));
        for (const start of interval === 'hour' ? [] : starts) expect(dayStart(start, timeZone)).toBe(start);
        for (const start of interval === 'week' ? starts : []) {
          expect(DateTime.fromMillis(start, { zone: timeZone }).weekday).toBe(1);
        }
      }),
    );
  });

  it('gives the same buckets whatever the range', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.integer({ min: 0, max: 10 * 86_400_000 }),
        ({ from, length, timeZone, interval }, earlier) => {
          const to = from + length;
          const whole = bucketStarts({ from: from - earlier, to, interval, timeZone });
          const part = bucketStarts({ from, to, interval, timeZone });
          expect(whole.slice(-part.length)).toEqual(part);
        },
      ),
    );
  });

  it('is empty for an empty range', () => {
    expect(bucketStarts({ from: 5, to: 5, interval: 'day', timeZone: 'UTC' })).toEqual([]);
  });
});

describe('bucketIndex', () => {
  it.each([
    [9, -1],
    [10, 0],
    [19, 0],
    [20, 1],
    [99, 2],
  ])('%i lies in %i', (at, index) => {
    expect(bucketIndex([10, 20, 30], at)).toBe(index);
  });
});

describe('previousRange', () => {
  it.each([
    ['UTC', '2024-01-08T00:00Z', '2024-01-15T00:00Z', '2024-01-01T00:00Z'],
    ['UTC', '2024-01-08T01:00Z', '2024-01-08T04:00Z', '2024-01-07T22:00Z'],
    // three local days, of which the clock's change shortens one
    ['Europe/Berlin', '2024-03-31T22:00Z', '2024-04-03T22:00Z', '2024-03-28T23:00Z'],
  ])('%s %s to %s begins at %s', (...[timeZone, from, to, start]) => {
    expect(previousRange({ from: ms(from), to: ms(to), timeZone })).toEqual({ from: ms(start), to: ms(from) });
  });
});

describe('parseRange', () => {
  const now = ms('2024-05-15T10:20:30Z'); // a Wednesday
  it.each([
    ['-30min', '2024-05-15T09:50:30Z', null],
    ['-24h', '2024-05-14T10:20:30Z', null],
    ['-7d', '2024-05-07T22:00Z', null],
    ['-1w', '2024-05-07T22:00Z', null],
    ['-3mo', '2024-02-14T23:00Z', null],
    ['-1y', '2023-05-14T22:00Z', null],
    ['today', '2024-05-14T22:00Z', null],
    ['yesterday', '2024-05-13T22:00Z', '2024-05-14T22:00Z'],
    ['thisWeek', '2024-05-12T22:00Z', null],
    ['lastWeek', '2024-05-05T22:00Z', '2024-05-12T22:00Z'],
    ['thisMonth', '2024-04-30T22:00Z', null],
    ['lastMonth', '2024-03-31T22:00Z', '2024-04-30T22:00Z'],
    ['thisYear', '2023-12-31T23:00Z', null],
    ['2024-01-01/2024-01-31', '2023-12-31T23:00Z', '2024-01-31T23:00Z'],
    ['2024-01-01T10:00/2024-01-01T12:00Z', '2024-01-01T09:00Z', '2024-01-01T12:00Z'],
  ])('%s', (text, from, to) => {
    const expected = { from: ms(from), to: to === null ? now + 1 : ms(to) };
    expect(parseRange(text, now, 'Europe/Berlin')).toEqual(expected);
  });

  it.each([
    '',
    '-d',
    '7d',
    '-7m',
    '2024-01-01',
    '2024-01-02/2024-01-01',
    'a/b',
    '2024-01-01/2024-01-02/2024-01-03',
    'toString',
    '2024/2025',
  ])('does not read %j', (text) => {
    expect(parseRange(text, now, 'UTC')).toBeNull();
  });

  it('does not read anything in an unknown zone', () => {
    expect(parseRange('today', now, 'Mars/Olympus')).toBeNull();
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone('Europe/Berlin')).toBe(true);
  });
});
