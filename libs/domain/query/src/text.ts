import { compareText } from '@productgraph/contracts';

/*
 * Text and numbers with one meaning in every store: order by code point, case folded for ASCII letters only,
 * numbers as IEEE doubles.
 */

/** Lower case for A to Z only: what PostgreSQL's collation "C" and ClickHouse's `lower` do. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** True when `part` occurs in `text`; ASCII letters match in either case. */
export function containsText(text: string, part: string): boolean {
  return lowerAscii(text).includes(lowerAscii(part));
}

/** Texts in code point order, `null` last. */
export function compareNullable(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareText(a, b);
}

/** A JSON number, blanks around it allowed. */
const NUMBER = /^[ \t\n\r]*(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?:[eE][+-]?[0-9]+)?[ \t\n\r]*$/;

/**
 * The number that a text spells, else `null`: what is valid as JSON and as a double. Beyond the range of a double (also
 * too small to differ from 0) it is none: no store can compute with it.
 */
export function numberOf(text: string): number | null {
  const digits = NUMBER.exec(text)?.[1];
  if (digits === undefined) return null;
  const value = Number(text);
  const vanished = value === 0 && /[1-9]/.test(digits);
  return Number.isFinite(value) && !vanished ? value : null;
}
