/** Whole months since year 0, UTC: 2015-05 is 24184. */
export type Month = number;

/** What stores take: from 2000-01 up to 2100-01. Anything else is a mistake, and would make partitions without end. */
const FIRST_TIME = Date.UTC(2000, 0, 1);
const END_TIME = Date.UTC(2100, 0, 1);

export function isStorableTime(time: number): boolean {
  return time >= FIRST_TIME && time < END_TIME;
}

/** First millisecond of the month. */
export function monthStart(month: Month): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1);
}

let last: { readonly month: Month; readonly from: number; readonly to: number } = { month: 0, from: 0, to: 0 };

/** Month of a time, Unix ms; events mostly come in runs of one month, so the last answer is looked at first. */
export function monthOf(time: number): Month {
  if (time >= last.from && time < last.to) return last.month;
  const date = new Date(time);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  last = { month, from: monthStart(month), to: monthStart(month + 1) };
  return month;
}
