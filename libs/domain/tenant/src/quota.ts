import type { Quota } from './tenant.ts';

/** A token bucket that holds one second's worth of events; `tokens` may be a fraction. */
export interface RateBucket {
  readonly tokens: number;
  /** When `tokens` was true, Unix ms. */
  readonly at: number;
}

export type RateVerdict =
  | { readonly allowed: true; readonly bucket: RateBucket }
  /** `retryAfterMs`: when as many tokens as asked for (or a full bucket) will be there. */
  | { readonly allowed: false; readonly bucket: RateBucket; readonly retryAfterMs: number };

/** Fractions of a token that sums of floating-point refills may lose. */
const ROUNDING = 1e-6;

/**
 * Takes `n` events from the bucket. A batch larger than one second's worth passes when the bucket is full and leaves it
 * in debt, so that large batches are slowed down and not shut out.
 * @param rate events per second, > 0
 * @param bucket null = first use: full
 */
export function takeFromRate(
  rate: number,
  bucket: RateBucket | null,
  { n, now }: { readonly n: number; readonly now: number },
): RateVerdict {
  const elapsed = bucket === null ? 0 : Math.max(0, now - bucket.at);
  const tokens = bucket === null ? rate : Math.min(rate, bucket.tokens + (elapsed * rate) / 1000);
  const wanted = Math.min(n, rate);
  if (tokens >= wanted - ROUNDING) return { allowed: true, bucket: { tokens: tokens - n, at: now } };
  return { allowed: false, bucket: { tokens, at: now }, retryAfterMs: Math.ceil(((wanted - tokens) * 1000) / rate) };
}

/** Calendar month (UTC) of a time as `2026-09`: monthly quotas count per it. */
export function quotaMonth(now: number): string {
  return new Date(now).toISOString().slice(0, 7);
}

/** Unix ms at which the month of `now` ends: when a used-up monthly quota opens again. */
export function quotaMonthEnd(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** Events that the month still has room for; null = no bound. */
export function monthlyRoom(quota: Quota, usedThisMonth: number): number | null {
  return quota.eventsPerMonth === null ? null : Math.max(0, quota.eventsPerMonth - usedThisMonth);
}
