/** Whole months since year 0, UTC: 2015-05 is 24184. */
export type Month = number;

/** What the store takes: from 2000-01 up to 2100-01, like the store in PostgreSQL. */
const FIRST_TIME = Date.UTC(2000, 0, 1);
const END_TIME = Date.UTC(2100, 0, 1);

export function isStorableTime(time: number): boolean {
  return time >= FIRST_TIME && time < END_TIME;
}

/** Month of a time, Unix ms, UTC. */
export function monthOf(time: number): Month {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** As partitions of ClickHouse are named: `201505`. */
export function monthName(month: Month): string {
  return String(Math.floor(month / 12) * 100 + (month % 12) + 1);
}
