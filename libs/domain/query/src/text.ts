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

/** UTF-16 code units ranked so that surrogates (code points from U+10000 on) come after U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** Order by code point, which is also the order of UTF-8 bytes. Negative when `a` comes first. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
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
