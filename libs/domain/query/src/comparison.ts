import type { Field } from './fields.ts';
import type { Condition, Operator, Scalar } from './questions.ts';
import { portableRegex } from './regex.ts';
import { containsText, numberOf } from './text.ts';

/**
 * A condition's operator and values, made ready for one field: what every store compiles and what `compares` evaluates.
 * The negated form is true for values that are not set; all other forms are false for them.
 */
export type Comparison =
  | { readonly kind: 'set'; readonly negated: boolean }
  /** Equal to one of the texts, or, as a number, to one of the numbers. */
  | {
      readonly kind: 'oneOf';
      readonly texts: readonly string[];
      readonly numbers: readonly number[];
      readonly negated: boolean;
    }
  | { readonly kind: 'contains'; readonly text: string; readonly negated: boolean }
  | { readonly kind: 'regex'; readonly pattern: string; readonly negated: boolean }
  | { readonly kind: 'size'; readonly operator: '<' | '<=' | '>' | '>='; readonly value: number }
  | { readonly kind: 'between'; readonly low: number; readonly high: number };

export type ComparisonResult = { readonly comparison: Comparison } | { readonly fault: string };

const NEGATED: ReadonlySet<Operator> = new Set(['neq', 'notIn', 'notContains', 'notRegex', 'notSet']);
const MAX_LIST = 1_000;

type Builder = (field: Field, values: readonly Scalar[], operator: Operator) => ComparisonResult;

const equal: Builder = (field, values, operator) =>
  values.length === 1 ? oneOf(field, values, NEGATED.has(operator)) : { fault: `${operator} takes one value` };

const listed: Builder = (field, values, operator) =>
  values.length >= 1 && values.length <= MAX_LIST
    ? oneOf(field, values, NEGATED.has(operator))
    : { fault: `${operator} takes 1 to ${MAX_LIST} values` };

const present: Builder = (_, values, operator) =>
  values.length === 0
    ? { comparison: { kind: 'set', negated: NEGATED.has(operator) } }
    : { fault: `${operator} takes no value` };

const BUILDERS: Readonly<Record<Operator, Builder>> = {
  eq: equal,
  neq: equal,
  in: listed,
  notIn: listed,
  contains: textComparison,
  notContains: textComparison,
  regex: textComparison,
  notRegex: textComparison,
  lt: (field, values) => size(field, '<', values),
  lte: (field, values) => size(field, '<=', values),
  gt: (field, values) => size(field, '>', values),
  gte: (field, values) => size(field, '>=', values),
  between,
  set: present,
  notSet: present,
};

/** Reads a condition against the type of its field. */
export function comparisonOf(field: Field, condition: Pick<Condition, 'operator' | 'values'>): ComparisonResult {
  return BUILDERS[condition.operator](field, condition.values, condition.operator);
}

function oneOf(field: Field, values: readonly Scalar[], negated: boolean): ComparisonResult {
  if (field.type === 'number' || field.type === 'time') {
    const numbers = values.map((value) => amountOf(field, value));
    if (numbers.includes(null)) return { fault: needs(field) };
    return { comparison: { kind: 'oneOf', texts: [], numbers: numbers.filter((n) => n !== null), negated } };
  }
  if (field.type === 'boolean' && !values.every((value) => ['true', 'false'].includes(String(value)))) {
    return { fault: `${field.name} is true or false` };
  }
  const isNumber = (value: Scalar): value is number => field.type === 'json' && typeof value === 'number';
  const numbers = values.filter(isNumber);
  if (!numbers.every(Number.isFinite)) return { fault: 'needs finite numbers' };
  const texts = values.filter((value) => !isNumber(value)).map(String);
  if (texts.some((text) => text.includes('\0'))) return { fault: 'holds U+0000' };
  return { comparison: { kind: 'oneOf', texts, numbers, negated } };
}

function textComparison(field: Field, values: readonly Scalar[], operator: Operator): ComparisonResult {
  const [value] = values;
  if (values.length !== 1 || typeof value !== 'string') return { fault: `${operator} takes one text` };
  if (field.type !== 'text' && field.type !== 'json') return { fault: `${operator} needs a text field` };
  if (value.includes('\0')) return { fault: 'holds U+0000' };
  const negated = NEGATED.has(operator);
  if (operator === 'contains' || operator === 'notContains') {
    return { comparison: { kind: 'contains', text: value, negated } };
  }
  const regex = portableRegex(value, 'javascript');
  return 'fault' in regex
    ? { fault: `the expression ${regex.fault}` }
    : { comparison: { kind: 'regex', pattern: value, negated } };
}

function size(field: Field, operator: '<' | '<=' | '>' | '>=', values: readonly Scalar[]): ComparisonResult {
  const [first] = values;
  const value = values.length === 1 && first !== undefined ? amountOf(field, first) : null;
  return value === null ? { fault: needs(field) } : { comparison: { kind: 'size', operator, value } };
}

function between(field: Field, values: readonly Scalar[]): ComparisonResult {
  const [low, high] = values.map((value) => amountOf(field, value));
  if (values.length !== 2 || typeof low !== 'number' || typeof high !== 'number') {
    return { fault: `between takes a low and a high value; ${needs(field)}` };
  }
  return low > high ? { fault: 'between takes the low value first' } : { comparison: { kind: 'between', low, high } };
}

function needs(field: Field): string {
  if (field.type === 'time') return 'needs Unix milliseconds or an ISO 8601 time with offset';
  if (field.type === 'number' || field.type === 'json') return 'needs a number';
  return `${field.name} is not a number`;
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** A value to compare by size with the field's, `null` when it is none. */
function amountOf(field: Field, value: Scalar): number | null {
  if (field.type === 'text' || field.type === 'boolean' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (field.type !== 'time' || !ISO_TIME.test(value)) return numberOf(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

/** A field's value in one row: as text, and as the number that it is or spells. */
export interface FieldValue {
  readonly text: string | null;
  readonly number: number | null;
}

/** The value of a text, as JSON fields hold it. */
export function textValue(text: string | null): FieldValue {
  return { text, number: text === null ? null : numberOf(text) };
}

/** Evaluates a comparison: the meaning that every store's compiled form has. */
export function compares(comparison: Comparison, value: FieldValue): boolean {
  if (comparison.kind === 'size' || comparison.kind === 'between') return ofSize(comparison, value.number);
  return asksText(comparison, value) !== comparison.negated;
}

type Negatable = Extract<Comparison, { negated: boolean }>;

function asksText(comparison: Negatable, value: FieldValue): boolean {
  if (value.text === null) return false;
  switch (comparison.kind) {
    case 'set':
      return true;
    case 'oneOf':
      return isOneOf(comparison, value);
    case 'contains':
      return containsText(value.text, comparison.text);
    case 'regex':
      return matches(comparison.pattern, value.text);
  }
}

function ofSize(comparison: Exclude<Comparison, Negatable>, number: number | null): boolean {
  if (number === null) return false;
  if (comparison.kind === 'between') return number >= comparison.low && number <= comparison.high;
  return isOfSize(number, comparison.operator, comparison.value);
}

function isOneOf(comparison: Comparison & { kind: 'oneOf' }, { text, number }: FieldValue): boolean {
  return (text !== null && comparison.texts.includes(text)) || (number !== null && comparison.numbers.includes(number));
}

function isOfSize(number: number, operator: '<' | '<=' | '>' | '>=', bound: number): boolean {
  if (operator === '<') return number < bound;
  if (operator === '<=') return number <= bound;
  return operator === '>' ? number > bound : number >= bound;
}

function matches(pattern: string, text: string): boolean {
  const regex = portableRegex(pattern, 'javascript');
  return 'source' in regex && new RegExp(regex.source, 'su').test(text);
}
