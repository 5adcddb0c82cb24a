import { EVENT_FLAGS } from '@productgraph/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchTimes, placeInTime } from './event-time.ts';

const NOW = Date.UTC(2026, 6, 25, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { future, historical, skewed, untimed } = EVENT_FLAGS;
const batch: BatchTimes = { receivedAt: NOW, sentAt: null, historical: false, oldest: null };

describe('place in time', () => {
  it.each<[string, number | null, Partial<BatchTimes>, number | null, number]>([
    ['in time', NOW - 5, {}, NOW - 5, 0],
    ['no time sent', null, {}, NOW, untimed],
    ['no time sent, in a skewed batch', null, { sentAt: NOW - HOUR }, NOW, untimed],
    ['clock 60 s behind: left alone', NOW - 60_000, { sentAt: NOW - 60_000 }, NOW - 60_000, 0],
    ['clock 60.001 s behind', NOW - 60_001, { sentAt: NOW - 60_001 }, NOW - 1, skewed],
    ['clock an hour ahead', NOW + HOUR - 250, { sentAt: NOW + HOUR }, NOW - 250, skewed],
    ['correction is whole seconds', NOW - HOUR - 600, { sentAt: NOW - HOUR - 400 }, NOW - 600, skewed],
    ['just not too far in the future', NOW + 23 * HOUR, {}, NOW + 23 * HOUR, 0],
    ['too far in the future', NOW + 23 * HOUR + 1, {}, NOW, future],
    ['far in the future until corrected', NOW + 30 * DAY, { sentAt: NOW + 30 * DAY }, NOW, skewed],
    ['at the edge of retention', NOW - DAY, { oldest: NOW - DAY }, NOW - DAY, 0],
    ['older than retention', NOW - DAY - 1, { oldest: NOW - DAY }, null, 0],
    [
      'older than retention, historical',
      NOW - DAY - 1,
      { oldest: NOW - DAY, historical: true },
      NOW - DAY - 1,
      historical,
    ],
    ['kept for ever', Date.UTC(2001, 0, 1), {}, Date.UTC(2001, 0, 1), 0],
    ['first moment of 2000', Date.UTC(2000, 0, 1), { historical: true }, Date.UTC(2000, 0, 1), historical],
    ['before 2000', Date.UTC(2000, 0, 1) - 1, { historical: true }, null, historical],
    ['epoch seconds', Math.floor(NOW / 1_000), {}, null, 0],
  ])('%s', (...[, original, times, timestamp, flags]) => {
    expect(placeInTime(original, { ...batch, ...times })).toEqual({ timestamp, flags });
  });

  it('gives a resend of the same event the same time whenever the network takes about as long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 70_000, max: 10 * DAY }), fc.integer({ min: 0, max: 499 }), (behind, slower) => {
        // The client's clock is behind by whole seconds; the resend takes less than half a second longer on its way.
        const clock = Math.round(behind / 1_000) * 1_000;
        const send = (sentAt: number, takes: number): number | null =>
          placeInTime(NOW - clock - 5_000, { ...batch, sentAt: sentAt - clock, receivedAt: sentAt + takes }).timestamp;
        expect(send(NOW + 30_000, slower)).toBe(send(NOW, 0));
      }),
    );
  });
});
