import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthlyRoom, quotaMonth, quotaMonthEnd, takeFromRate, type RateBucket } from './quota.ts';
import { isExpired, retentionCutoff } from './retention.ts';

const DAY = 86_400_000;

describe('rate', () => {
  it('gives one second at once, then as many as the rate refills', () => {
    const first = takeFromRate(10, null, { n: 10, now: 0 });
    expect(first).toEqual({ allowed: true, bucket: { tokens: 0, at: 0 } });
    expect(takeFromRate(10, first.bucket, { n: 1, now: 50 })).toMatchObject({ allowed: false, retryAfterMs: 50 });
    expect(takeFromRate(10, first.bucket, { n: 5, now: 500 })).toEqual({
      allowed: true,
      bucket: { tokens: 0, at: 500 },
    });
  });

  it('lets a batch beyond a second pass from a full bucket, and makes the next one wait', () => {
    const big = takeFromRate(10, null, { n: 35, now: 0 });
    expect(big).toEqual({ allowed: true, bucket: { tokens: -25, at: 0 } });
    expect(takeFromRate(10, big.bucket, { n: 10, now: 1_000 })).toMatchObject({ allowed: false, retryAfterMs: 2_500 });
    expect(takeFromRate(10, big.bucket, { n: 10, now: 3_500 })).toMatchObject({ allowed: true });
  });

  it('keeps no more than one second, and does not mind a clock that steps back', () => {
    expect(takeFromRate(10, { tokens: 3, at: 0 }, { n: 0, now: 1e9 }).bucket.tokens).toBe(10);
    expect(takeFromRate(10, { tokens: 3, at: 5_000 }, { n: 1, now: 0 }).bucket.tokens).toBe(2);
  });

  it('passes after the delay told, though refills do not sum up exactly', () => {
    const drained = takeFromRate(3, null, { n: 27, now: 0 }).bucket;
    const later = takeFromRate(3, drained, { n: 1, now: 1_588 }).bucket;
    const again = takeFromRate(3, later, { n: 1, now: 1_768 }).bucket;
    const verdict = takeFromRate(3, again, { n: 3, now: 1_828 });
    const delay = verdict.allowed ? 0 : verdict.retryAfterMs;
    expect(takeFromRate(3, verdict.bucket, { n: 3, now: 1_828 + delay }).allowed).toBe(true);
  });

  it('never lets more pass than rate × time + one second + one batch; a refused one passes after the delay told', () => {
    const batches = fc.array(fc.record({ gap: fc.nat(2_000), n: fc.integer({ min: 1, max: 50 }) }), { maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), batches, (rate, list) => {
        let bucket: RateBucket | null = null;
        let [now, passed] = [0, 0];
        for (const { gap, n } of list) {
          now += gap;
          const verdict = takeFromRate(rate, bucket, { n, now });
          bucket = verdict.bucket;
          if (verdict.allowed) passed += n;
          else expect(takeFromRate(rate, bucket, { n, now: now + verdict.retryAfterMs }).allowed).toBe(true);
        }
        expect(passed).toBeLessThanOrEqual(rate + (rate * now) / 1000 + 50 + 1e-6);
      }),
    );
  });
});

describe('month', () => {
  it.each([
    ['2026-09-01T00:00:00.000Z', '2026-09', '2026-10-01'],
    ['2026-12-31T23:59:59.999Z', '2026-12', '2027-01-01'],
    ['2028-02-29T12:00:00.000Z', '2028-02', '2028-03-01'],
  ])('%s', (time, month, end) => {
    expect(quotaMonth(Date.parse(time))).toBe(month);
    expect(quotaMonthEnd(Date.parse(time))).toBe(Date.parse(end));
  });

  it.each([
    [null, 5, null],
    [10, 4, 6],
    [10, 12, 0],
  ])('quota %s with %s used leaves %s', (eventsPerMonth, used, room) => {
    expect(monthlyRoom({ eventsPerMonth, eventsPerSecond: null }, used)).toBe(room);
  });
});

describe('retention', () => {
  it('ends that many days ago; without it nothing expires', () => {
    const now = Date.UTC(2026, 0, 31);
    expect(retentionCutoff({ retentionDays: 30 }, now)).toBe(Date.UTC(2026, 0, 1));
    expect(isExpired({ retentionDays: 30 }, Date.UTC(2026, 0, 1) - 1, now)).toBe(true);
    expect(isExpired({ retentionDays: 30 }, Date.UTC(2026, 0, 1), now)).toBe(false);
    expect(isExpired({ retentionDays: null }, now - 9_999 * DAY, now)).toBe(false);
  });
});
