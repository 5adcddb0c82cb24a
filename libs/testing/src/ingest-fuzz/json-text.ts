import type { Random } from './random.ts';

/*
 * JSON as text, not as values: what JSON.stringify cannot write is what parsers stumble over.
 */

const NUMBERS = [
  '0', '-0', '1', '-1', '0.5', '1e2', '1E+2', '1e-7', '9007199254740993', '-9007199254740993', '123456789012345678901234567890',
  '0.1000000000000000055511151231257827', '1e400', '-1e400', '1e-400', '5e-324', '2147483648', '-2147483649', '1e999999999',
] as const; // prettier-ignore

/** Strings that any store can hold, as JSON text. */
const STRINGS = [
  '""', '"a"', '"},{"', '"],[\\""', '"\\\\"', '"\\\\\\""', '"{\\"event.type\\":"', '"\\u2028"', '"\u2028\u2029"', '"é"', '"\\u00e9"',
  '"😀"', '"\\ud83d\\ude00"', '"\\u007f\x7f"', '"\\/"', '"\\b\\f\\n\\r\\t"', '"__proto__"', '"constructor"', '"null"', '"NaN"',
  '"\ufeff"', '"\uffff"', '"<script>"', '"\'; DROP TABLE events; --"', '"%00%0a"', '"..\\\\..\\\\"', '"\\u0001"', '"\u0600"',
] as const; // prettier-ignore

/** Strings that no store can hold: U+0000, halves of surrogate pairs. */
const UNSTORABLE = ['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d"', '"x\\uDFFF"'] as const;

const KEYS = [
  '"a"', '"b"', '"c"', '""', '"__proto__"', '"constructor"', '"prototype"', '"toString"', '"hasOwnProperty"', '"then"', '"a.b"', '"$ne"',
  '"\\u0061"', '"\\u005f_proto__"', '"event.type"', '"events"', '"length"', '"0"', '"-1"', '"},{"', '"\\"\\\\"', '"é"',
] as const; // prettier-ignore

const SPACES = ['', '', '', '', '', '', ' ', '\n', '\r\n', '\t', '  \n\t '] as const;

export interface JsonTextOptions {
  /** Levels of nesting, at most. */
  readonly depth: number;
  /** Also strings that have to be refused. */
  readonly withUnstorable?: boolean;
}

/** White space that may stand between tokens. */
export const space = (random: Random): string => random.pick(SPACES);

export function stringText(random: Random, withUnstorable = false): string {
  if (withUnstorable && random.percent(15)) return random.pick(UNSTORABLE);
  if (random.percent(2)) return JSON.stringify('x'.repeat(random.int(3_000)));
  return random.pick(STRINGS);
}

function scalarText(random: Random, withUnstorable: boolean): string {
  const kind = random.int(10);
  if (kind < 4) return random.pick(NUMBERS);
  return kind < 8 ? stringText(random, withUnstorable) : random.pick(['true', 'false', 'null']);
}

/** A JSON object with some members, keys twice among them. */
export function objectText(random: Random, options: JsonTextOptions): string {
  const members = Array.from({ length: random.int(6) }, () => {
    const key = random.pick(KEYS);
    const value = jsonText(random, { ...options, depth: options.depth - 1 });
    return `${space(random)}${key}${space(random)}:${space(random)}${value}${space(random)}`;
  });
  return `{${members.join(',')}}`;
}

/** Any JSON value. */
export function jsonText(random: Random, options: JsonTextOptions): string {
  const { depth, withUnstorable = false } = options;
  if (depth <= 0 || random.percent(60)) return scalarText(random, withUnstorable);
  if (random.percent(60)) return objectText(random, options);
  const items = Array.from({ length: random.int(5) }, () => jsonText(random, { ...options, depth: depth - 1 }));
  return `[${items.join(`${space(random)},`)}]`;
}

/** Many levels of one kind, closed or not. */
export function deepText(random: Random, levels: number): string {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"__proto__":', '}]'],
  ] as const);
  return open.repeat(levels) + '1' + (random.percent(70) ? close.repeat(levels) : '');
}
