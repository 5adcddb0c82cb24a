import { DateTime } from 'luxon';
import { dayStart } from './buckets.ts';

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const BACK = /^-(\d{1,4})(min|h|d|w|mo|y)$/;
const UNITS = { min: 'minutes', h: 'hours', d: 'days', w: 'weeks', mo: 'months', y: 'years' } as const;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

type Named = (now: DateTime) => { first: DateTime; last: DateTime | null };

/** `last` = the day after the range, null = until now. */
const NAMED: Readonly<Partial<Record<string, Named>>> = {
  today: (now) => ({ first: now, last: null }),
  yesterday: (now) => ({ first: now.minus({ days: 1 }), last: now }),
  thisWeek: (now) => ({ first: now.startOf('week'), last: null }),
  lastWeek: (now) => ({ first: now.startOf('week').minus({ weeks: 1 }), last: now.startOf('week') }),
  thisMonth: (now) => ({ first: now.startOf('month'), last: null }),
  lastMonth: (now) => ({ first: now.startOf('month').minus({ months: 1 }), last: now.startOf('month') }),
  thisYear: (now) => ({ first: now.startOf('year'), last: null }),
};

function startOfDay(time: DateTime, timeZone: string): number {
  return dayStart(time.set({ hour: 12 }).toMillis(), timeZone);
}

/**
 * Reads a range of time:
 * - `-30min`, `-24h`: exactly so long until now; `-7d`, `-4w`, `-3mo`, `-1y`: from the first moment of the local day so long ago until now
 * - `today`, `yesterday`, `thisWeek`, `lastWeek`, `thisMonth`, `lastMonth`, `thisYear`: local days, weeks from Monday; `this…` end now
 * - `<from>/<to>`: ISO 8601 dates or times; without offset they are local; a date as `to` includes that day
 * @param nowMs Unix ms; a range until now ends just behind it, so that an event of this very moment counts
 * @returns null when it is none of these, or when it is empty
 */
export function parseRange(text: string, nowMs: number, timeZone: string): TimeRange | null {
  const now = DateTime.fromMillis(nowMs, { zone: timeZone });
  if (!now.isValid) return null;
  const range = back(text, now, timeZone) ?? named(text, now, timeZone) ?? absolute(text, timeZone);
  return range !== null && range.from < range.to ? range : null;
}

function back(text: string, now: DateTime, timeZone: string): TimeRange | null {
  const [, amount, unit] = BACK.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const then = now.minus({ [UNITS[unit as keyof typeof UNITS]]: Number(amount) });
  const exact = unit === 'min' || unit === 'h';
  return { from: exact ? then.toMillis() : startOfDay(then, timeZone), to: now.toMillis() + 1 };
}

function named(text: string, now: DateTime, timeZone: string): TimeRange | null {
  if (!Object.hasOwn(NAMED, text)) return null;
  const range = NAMED[text]?.(now.set({ hour: 12 }));
  if (range === undefined) return null;
  const to = range.last === null ? now.toMillis() + 1 : startOfDay(range.last, timeZone);
  return { from: startOfDay(range.first, timeZone), to };
}

function absolute(text: string, timeZone: string): TimeRange | null {
  const [first = '', last = '', more] = text.split('/');
  if (more !== undefined) return null;
  const [from, to] = [moment(first, timeZone), moment(last, timeZone, { days: 1 })];
  return from === null || to === null ? null : { from, to };
}

function moment(text: string, timeZone: string, afterDate: { days?: number } = {}): number | null {
  const time = DateTime.fromISO(text, { zone: timeZone });
  if (!time.isValid || !/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  return DATE.test(text) ? startOfDay(time.set({ hour: 12 }).plus(afterDate), timeZone) : time.toMillis();
}
