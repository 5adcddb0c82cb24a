/*
 * Regular expressions that mean the same in PostgreSQL, JavaScript and RE2: a common subset, parsed here and written out
 * without the shorthands in which they differ. Only "does it match somewhere" is asked, so laziness is dropped.
 *
 *   . ^ $ | ( ) (?: ) [ ] [^ ] * + ? {m} {m,} {m,n} (up to 255), \d \w \s \D \W \S \b \B, \t \n \r \f \v, backslash + punctuation,
 *   and (?i) at the very start: ASCII letters match in either case.
 * `.` matches any character; `^` and `$` only the two ends of the text; classes are ASCII.
 */

/** Which store reads the expression; they differ in the word boundary only. RE2 reads the JavaScript one. */
export type RegexDialect = 'javascript' | 'postgres';

const MAX_LENGTH = 500;
const MAX_REPEAT = 255;
const CLASSES: Readonly<Partial<Record<string, string>>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: ' \\t\\n\\r\\f\\v',
};
const CONTROLS = 'tnrfv';
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;
const REPEAT = /\{(\d{1,3})(?:(,)(\d{1,3})?)?\}/y;

class RegexFault extends Error {
  override readonly name = 'RegexFault';
}

interface Reader {
  readonly characters: readonly string[];
  readonly ignoreCase: boolean;
  readonly dialect: RegexDialect;
  at: number;
  depth: number;
}

/**
 * The expression in the words of one store, or why it cannot be used.
 * JavaScript's is to be compiled with the flags `su`.
 */
export function portableRegex(
  pattern: string,
  dialect: RegexDialect,
): { readonly source: string } | { readonly fault: string } {
  if (pattern.length > MAX_LENGTH) return { fault: `is longer than ${MAX_LENGTH} characters` };
  const ignoreCase = pattern.startsWith('(?i)');
  const reader: Reader = {
    characters: Array.from(ignoreCase ? pattern.slice(4) : pattern),
    ignoreCase,
    dialect,
    at: 0,
    depth: 0,
  };
  try {
    const source = alternatives(reader);
    if (reader.at < reader.characters.length) return { fault: 'has a ) without (' };
    return { source };
  } catch (error) {
    if (error instanceof RegexFault) return { fault: error.message };
    throw error;
  }
}

function alternatives(reader: Reader): string {
  let out = '';
  for (;;) {
    const character = reader.characters[reader.at];
    if (character === undefined || character === ')') return out;
    if (character === '|') {
      reader.at++;
      out += '|';
    } else out += repeated(reader);
  }
}

/** One atom with its quantifier. */
function repeated(reader: Reader): string {
  const { text, assertion } = atom(reader);
  const quantifier = quantifierAt(reader);
  if (quantifier === '') return text;
  if (assertion) throw new RegexFault('repeats something that has no width');
  if (quantifierAt(reader) !== '') throw new RegexFault('repeats a repetition: put a group around it');
  return text + quantifier;
}

function quantifierAt(reader: Reader): string {
  const character = reader.characters[reader.at];
  let quantifier: string;
  if (character === '*' || character === '+' || character === '?') {
    quantifier = character;
    reader.at++;
  } else if (character === '{') quantifier = braces(reader);
  else return '';
  if (reader.characters[reader.at] === '?') reader.at++;
  return quantifier;
}

function braces(reader: Reader): string {
  const ahead = reader.characters.slice(reader.at, reader.at + 9).join('');
  REPEAT.lastIndex = 0;
  const [whole, low, comma, high] = REPEAT.exec(ahead) ?? [];
  if (whole === undefined) throw new RegexFault('has a { that is no {m}, {m,} or {m,n}: write \\{');
  const [from, to] = [Number(low), high === undefined ? Number(low) : Number(high)];
  if (to > MAX_REPEAT || from > to)
    throw new RegexFault(`repeats at most ${MAX_REPEAT} times, the smaller number first`);
  reader.at += whole.length;
  return `{${from}${comma ?? ''}${high === undefined ? '' : to}}`;
}

interface Atom {
  readonly text: string;
  readonly assertion: boolean;
}

const plain = (text: string): Atom => ({ text, assertion: false });
const assertion = (text: string): Atom => ({ text, assertion: true });

function atom(reader: Reader): Atom {
  const character = reader.characters[reader.at++] ?? '';
  if (character === '.') return plain('.');
  if (character === '^' || character === '$') return assertion(character);
  if (character === '(') return plain(group(reader));
  if (character === '[') return plain(set(reader));
  if (character === '\\') return escape(reader);
  if ('*+?{'.includes(character)) throw new RegexFault(`has a ${character} with nothing to repeat`);
  return plain(literal(reader, character));
}

function group(reader: Reader): string {
  if (reader.characters[reader.at] === '?') {
    if (reader.characters[reader.at + 1] !== ':')
      throw new RegexFault('uses (?…): only groups, (?:…), and (?i) at the start');
    reader.at += 2;
  }
  if (++reader.depth > 50) throw new RegexFault('nests groups deeper than 50');
  const inner = alternatives(reader);
  if (reader.characters[reader.at] !== ')') throw new RegexFault('has a ( without )');
  reader.at++;
  reader.depth--;
  return `(?:${inner})`;
}

function bothCases(character: string): string {
  return character.toLowerCase() + character.toUpperCase();
}

function literal(reader: Reader, character: string): string {
  if (character === '\0') throw new RegexFault('holds U+0000');
  if (reader.ignoreCase && /[A-Za-z]/.test(character)) return `[${bothCases(character)}]`;
  return SYNTAX.test(character) ? `\\${character}` : character;
}

function escape(reader: Reader): Atom {
  const character = reader.characters[reader.at++];
  if (character === undefined) throw new RegexFault('ends with \\');
  if (character === 'b') return assertion(reader.dialect === 'postgres' ? '\\y' : '\\b');
  if (character === 'B') return assertion(reader.dialect === 'postgres' ? '\\Y' : '\\B');
  const inside = CLASSES[character.toLowerCase()];
  if (inside !== undefined) return plain(character === character.toLowerCase() ? `[${inside}]` : `[^${inside}]`);
  if (CONTROLS.includes(character)) return plain(`\\${character}`);
  if (/[\p{L}\p{N}]/u.test(character)) throw new RegexFault(`uses \\${character}, which not every store knows`);
  return plain(literal(reader, character));
}

/** A set in brackets, written out again with every special character escaped. */
function set(reader: Reader): string {
  const negated = reader.characters[reader.at] === '^';
  if (negated) reader.at++;
  let out = '';
  while (reader.characters[reader.at] !== ']') {
    const from = member(reader);
    const isRange = reader.characters[reader.at] === '-' && reader.characters[reader.at + 1] !== ']';
    if (!isRange || from.isClass) {
      out += single(reader, from);
      continue;
    }
    reader.at++;
    out += range(reader, from, member(reader));
  }
  reader.at++;
  if (out === '') throw new RegexFault('has an empty [ ]');
  return `[${negated ? '^' : ''}${out}]`;
}

/** A single character, or the inside of a class such as \d. */
interface Member {
  readonly text: string;
  readonly isClass: boolean;
}

const CONTROL_CHARACTERS: Readonly<Partial<Record<string, string>>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

function member(reader: Reader): Member {
  const character = reader.characters[reader.at++];
  if (character === undefined) throw new RegexFault('has a [ without ]');
  if (character === '\0') throw new RegexFault('holds U+0000');
  if (character !== '\\') return { text: character, isClass: false };
  const escaped = reader.characters[reader.at++];
  if (escaped === undefined) throw new RegexFault('ends with \\');
  const control = CONTROL_CHARACTERS[escaped];
  if (control !== undefined) return { text: control, isClass: false };
  const inside = CLASSES[escaped];
  if (inside !== undefined) return { text: inside, isClass: true };
  if (/[\p{L}\p{N}]/u.test(escaped)) throw new RegexFault(`uses \\${escaped} inside [ ], which not every store knows`);
  return { text: escaped, isClass: false };
}

function inSet(character: string): string {
  return /[\\[\]^-]/.test(character) ? `\\${character}` : character;
}

function single(reader: Reader, { text, isClass }: Member): string {
  if (isClass) return text;
  return reader.ignoreCase && /[A-Za-z]/.test(text) ? bothCases(text) : inSet(text);
}

function range(reader: Reader, from: Member, to: Member): string {
  const [low, high] = [from.text.codePointAt(0) ?? 0, to.text.codePointAt(0) ?? 0];
  if (to.isClass || low > high) throw new RegexFault('has a range out of order');
  const text = `${inSet(from.text)}-${inSet(to.text)}`;
  return reader.ignoreCase ? text + otherCase(low, high) : text;
}

const LETTERS = [
  { first: 0x41, last: 0x5a, shift: 32 },
  { first: 0x61, last: 0x7a, shift: -32 },
] as const;

/** The ASCII letters of a range, in the other case. */
function otherCase(low: number, high: number): string {
  let out = '';
  for (const { first, last, shift } of LETTERS) {
    const [start, end] = [Math.max(low, first), Math.min(high, last)];
    if (start <= end) out += `${String.fromCharCode(start + shift)}-${String.fromCharCode(end + shift)}`;
  }
  return out;
}
