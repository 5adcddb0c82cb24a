import { DateTime, IANAZone } from 'luxon';
import type { Interval } from './questions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** True for an IANA time zone name that this machine knows. */
export function isTimeZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/**
 * First moment of the local day that `at` lies in, Unix ms. Where midnight is skipped it is the first moment after;
 * where the hour from midnight comes twice it is the first one.
 */
export function dayStart(at: number, timeZone: string): number {
  const start = DateTime.fromMillis(at, { zone: timeZone }).startOf('day');
  const before = start.minus({ hours: 1 });
  return (before.day === start.day ? before : start).toMillis();
}

/** First moment of the next local day. */
function nextDay(start: number, timeZone: string): number {
  // Noon exists once on every day; a day that was skipped altogether (Samoa 2011-12-30) is passed over.
  for (let days = 1; ; days++) {
    const noon = DateTime.fromMillis(start, { zone: timeZone }).set({ hour: 12 }).plus({ days });
    const next = dayStart(noon.toMillis(), timeZone);
    if (next > start) return next;
  }
}

const CALENDAR = { day: 'days', week: 'weeks', month: 'months' } as const;

function calendarStart(at: number, unit: 'day' | 'week' | 'month', timeZone: string): number {
  if (unit === 'day') return dayStart(at, timeZone);
  const noon = DateTime.fromMillis(dayStart(at, timeZone), { zone: timeZone }).set({ hour: 12 });
  const first = unit === 'month' ? noon.set({ day: 1 }) : noon.minus({ days: noon.weekday - 1 });
  return dayStart(first.toMillis(), timeZone);
}

function calendarStarts(
  from: number,
  to: number,
  zone: { unit: 'day' | 'week' | 'month'; timeZone: string },
): number[] {
  const { unit, timeZone } = zone;
  const starts: number[] = [];
  const first = calendarStart(from, unit, timeZone);
  const noon = DateTime.fromMillis(first, { zone: timeZone }).set({ hour: 12 });
  for (let n = 0, start = first; start < to;) {
    starts.push(start);
    do {
      n++;
      const next = noon.plus({ [CALENDAR[unit]]: n }).toMillis();
      start = dayStart(next, timeZone);
    } while (start <= (starts.at(-1) ?? start));
  }
  return starts;
}

/** Hours and minutes are counted from each local day's first moment, so every day begins with a whole one. */
function clockStarts(from: number, to: number, clock: { step: number; timeZone: string }): number[] {
  const { step, timeZone } = clock;
  const starts: number[] = [];
  for (let day = dayStart(from, timeZone); day < to;) {
    const end = nextDay(day, timeZone);
    const first = day + Math.max(0, Math.floor((from - day) / step)) * step;
    for (let start = first; start < Math.min(end, to); start += step) starts.push(start);
    day = end;
  }
  return starts;
}

/**
 * Starts of the buckets that hold [from, to), ascending, cut in the time zone; weeks start on Monday.
 * The first one may lie before `from`. Empty when `to` ≤ `from`.
 */
export function bucketStarts(range: {
  readonly from: number;
  readonly to: number;
  readonly interval: Interval;
  readonly timeZone: string;
}): number[] {
  const { from, to, interval, timeZone } = range;
  if (to <= from) return [];
  if (interval === 'minute') return clockStarts(from, to, { step: MINUTE, timeZone });
  if (interval === 'hour') return clockStarts(from, to, { step: HOUR, timeZone });
  return calendarStarts(from, to, { unit: interval, timeZone });
}

/** Index of the last start at or before `at`; -1 when all come later. */
export function bucketIndex(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const SHORTEST = {
  minute: MINUTE,
  hour: HOUR,
  day: 23 * HOUR,
  week: 7 * 24 * HOUR - HOUR,
  month: 28 * 24 * HOUR - HOUR,
};

/** At most so many buckets hold a range: cheap, for checking limits before cutting. */
export function bucketsAtMost(range: {
  readonly from: number;
  readonly to: number;
  readonly interval: Interval;
}): number {
  return Math.ceil((range.to - range.from) / SHORTEST[range.interval]) + 1;
}

/**
 * The range of equal length just before. When both ends are first moments of local days, it is as many local days;
 * else as many milliseconds.
 */
export function previousRange(range: { readonly from: number; readonly to: number; readonly timeZone: string }): {
  from: number;
  to: number;
} {
  const { from, to, timeZone } = range;
  const whole = dayStart(from, timeZone) === from && dayStart(to, timeZone) === to;
  if (!whole) return { from: from - (to - from), to: from };
  const [first, last] = [from, to].map((at) => DateTime.fromMillis(at, { zone: timeZone }).set({ hour: 12 }));
  const days = first === undefined || last === undefined ? 0 : Math.round(last.diff(first, 'days').days);
  const noon = DateTime.fromMillis(from, { zone: timeZone }).set({ hour: 12 }).minus({ days });
  return { from: dayStart(noon.toMillis(), timeZone), to: from };
}
