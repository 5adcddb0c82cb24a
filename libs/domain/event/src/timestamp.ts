const LAST_MILLISECOND = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const FIRST_MILLISECOND = -62_135_596_800_000;
const DAY = 86_400_000;
const MINUTE = 60_000;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Stands for "not digits"; larger than every value that a part of a time may have. */
const NOT_DIGITS = 1_000_000;

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NOT_DIGITS;
}

/** Days from 1970-01-01 to a day of the Gregorian calendar (Howard Hinnant, "days_from_civil"), year 1 to 9999. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0;
  return y * 365 + ((y / 4) | 0) - ((y / 100) | 0) + ((y / 400) | 0) + dayOfYear + day - 719_469;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days of the month, 0 when there is no such month. */
function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  return month === 2 && !isLeap(year) ? 28 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** Unix milliseconds of midnight of the `YYYY-MM-DD` at `at`, NaN when there is no such day. */
function parseDate(bytes: Uint8Array, at: number): number {
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  if (bytes[at + 4] !== 45 || bytes[at + 7] !== 45 || year < 1 || year > 9_999) return Number.NaN;
  return day < 1 || day > daysIn(year, month) ? Number.NaN : daysFromCivil(year, month, day) * DAY;
}

/** Minutes east of UTC in `Z`, `±hh`, `±hhmm`, `±hh:mm`; nothing means UTC. NaN for anything else. */
function parseZone(text: string): number {
  if (text === '' || text === 'Z' || text === 'z') return 0;
  const parts = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/.exec(text);
  if (parts === null) return Number.NaN;
  return (parts[1] === '+' ? 1 : -1) * (Number(parts[2]) * 60 + Number(parts[3] ?? 0));
}

/** Milliseconds since midnight UTC of `hh:mm[:ss[.sss]][zone]`. */
function parseTime(text: string): number {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,12}))?)?(.*)$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, hours, minutes, seconds = '0', fraction = '', zone = ''] = parts;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return (Number(hours) * 60 + Number(minutes) - parseZone(zone)) * MINUTE + Number(seconds) * 1_000 + milliseconds;
}

/** Milliseconds since midnight of the `hh:mm:ss.sssZ` at `at`, NaN when it is something else. */
function parsePlainTime(bytes: Uint8Array, at: number): number {
  const hours = twoDigits(bytes, at);
  const minutes = twoDigits(bytes, at + 3);
  const seconds = twoDigits(bytes, at + 6);
  const hundredths = twoDigits(bytes, at + 9);
  const thousandth = (bytes[at + 11] ?? 0) - 48;
  const known = hours <= 23 && minutes <= 59 && seconds <= 59 && hundredths <= 99 && thousandth >= 0 && thousandth <= 9;
  if (!known || bytes[at + 2] !== 58 || bytes[at + 5] !== 58) return Number.NaN;
  return hours * 3_600_000 + minutes * MINUTE + seconds * 1_000 + hundredths * 10 + thousandth;
}

/** Unix milliseconds of the ISO 8601 text in bytes [start, end); see {@link parseTimestamp}. */
export function parseIsoBytes(bytes: Buffer, start: number, end: number): number {
  const separator = bytes[start + 10];
  if (end - start === 10) return parseDate(bytes, start);
  if (separator !== 84 && separator !== 116 && separator !== 32) return Number.NaN;
  // What `Date.prototype.toISOString` makes is by far the most frequent, so it goes without regular expressions.
  const isPlain = end - start === 24 && bytes[start + 23] === 90 && bytes[start + 19] === 46;
  const time = isPlain ? parsePlainTime(bytes, start + 11) : parseTime(bytes.toString('latin1', start + 11, end));
  return parseDate(bytes, start) + time;
}

function parseText(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return parseIsoBytes(bytes, 0, bytes.length);
}

/**
 * Unix milliseconds of an ISO 8601 date or date and time (years 1 to 9999), or of a number of epoch milliseconds; fractions of a
 * millisecond are cut. A time without a zone is UTC. NaN for everything else: other formats, days that do not exist.
 */
export function parseTimestamp(value: unknown): number {
  if (typeof value === 'string') return parseText(value);
  if (typeof value !== 'number' || !(value >= FIRST_MILLISECOND && value <= LAST_MILLISECOND)) return Number.NaN;
  return Math.trunc(value);
}
