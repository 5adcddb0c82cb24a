/**
 * The value at a fraction of the way through the sorted values, linearly interpolated (PostgreSQL's `percentile_cont`).
 * @param sorted ascending
 * @param fraction 0 to 1
 */
export function quantile(sorted: readonly number[], fraction: number): number | null {
  const rank = fraction * (sorted.length - 1);
  const low = sorted[Math.floor(rank)];
  const high = sorted[Math.ceil(rank)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (rank - Math.floor(rank));
}

export function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export interface HistogramBar {
  /** Inclusive; null = open. */
  readonly upToMs: number | null;
  readonly count: number;
}

/** Counts values up to each bound (inclusive), the last bar takes what is greater. */
export function histogram(values: Iterable<number>, bounds: readonly number[]): HistogramBar[] {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const value of values) {
    const found = bounds.findIndex((bound) => value <= bound);
    const bar = found === -1 ? bounds.length : found;
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts.map((count, i) => ({ upToMs: bounds[i] ?? null, count }));
}

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000] as const;

/** Bars of session durations; the first is "a single moment". */
export const SESSION_DURATION_BOUNDS: readonly number[] = [
  0, 10 * SECOND, 30 * SECOND, MINUTE, 3 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR,
]; // prettier-ignore

const CONVERSION_BOUNDS: readonly number[] = [
  SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY,
]; // prettier-ignore

/** Bars of the time to convert: those shorter than the funnel's window. */
export function conversionBounds(windowMs: number): number[] {
  return CONVERSION_BOUNDS.filter((bound) => bound < windowMs);
}
