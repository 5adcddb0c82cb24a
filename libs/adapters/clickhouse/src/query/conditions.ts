import {
  comparisonOf,
  fieldNamed,
  lowerAscii,
  portableRegex,
  type Comparison,
  type Condition,
  type EventSelector,
  type Field,
  type Filter,
} from '@productgraph/domain-query';
import { parameter } from './compiler.ts';
import { type Names, numberOf, textOf } from './fields.ts';

/** A filter as an SQL condition. It may be null where the filter is false; WHERE, `if` and `isTrue` take that alike. */
export function filterSql(names: Names, filter: Filter): string {
  switch (filter.kind) {
    case 'condition':
      return conditionSql(names, filter);
    case 'not':
      return notTrue(filterSql(names, filter.filter));
    default: {
      const inner = filter.filters.map((one) => `(${filterSql(names, one)})`);
      return inner.length === 0 ? String(filter.kind === 'and') : inner.join(filter.kind === 'and' ? ' AND ' : ' OR ');
    }
  }
}

/** What an event must fulfil for a selector, one condition each; empty for any event. */
export function selectorSql(names: Names, selector: EventSelector): string[] {
  const { type, name, filter } = selector;
  return [
    ...(type === null ? [] : [`e.type = ${parameter(names.compiler, type, 'String')}`]),
    ...(name === null ? [] : [`e.name = ${parameter(names.compiler, name, 'String')}`]),
    ...(filter === null ? [] : [`(${filterSql(names, filter)})`]),
  ];
}

/** Never null: false where the condition is null. */
function isTrue(condition: string): string {
  return `ifNull(${condition}, false)`;
}

/** True where the condition is false or null. */
function notTrue(condition: string): string {
  return `NOT ${isTrue(condition)}`;
}

function conditionSql(names: Names, condition: Condition): string {
  const field = fieldNamed(condition.field);
  const result = comparisonOf(field, condition);
  if ('fault' in result) throw new TypeError(result.fault);
  const { comparison } = result;
  const sql = comparisonSql(names, field, comparison);
  return 'negated' in comparison && comparison.negated ? notTrue(sql) : sql;
}

/** The comparison without its negation. */
function comparisonSql(names: Names, field: Field, comparison: Comparison): string {
  const add = (value: unknown, type: 'Float64' | 'String'): string => parameter(names.compiler, value, type);
  switch (comparison.kind) {
    case 'set':
      return `isNotNull(${textOf(names, field)})`;
    case 'oneOf':
      return oneOfSql(names, field, comparison);
    case 'contains':
      return `position(lower(${textOf(names, field)}), ${add(lowerAscii(comparison.text), 'String')}) > 0`;
    case 'regex': {
      const regex = portableRegex(comparison.pattern, 'javascript');
      if ('fault' in regex) throw new TypeError(regex.fault);
      return `match(${textOf(names, field)}, ${add(regex.source, 'String')})`;
    }
    case 'size':
      return `${numberOf(names, field)} ${comparison.operator} ${add(comparison.value, 'Float64')}`;
    case 'between': {
      const [low, high] = [comparison.low, comparison.high].map((value) => add(value, 'Float64'));
      return `${numberOf(names, field)} BETWEEN ${low ?? ''} AND ${high ?? ''}`;
    }
  }
}

function oneOfSql(names: Names, field: Field, { texts, numbers }: Extract<Comparison, { kind: 'oneOf' }>): string {
  const equals: string[] = [];
  if (texts.length > 0) equals.push(`${textOf(names, field)} ${equalTo(names, texts, 'String')}`);
  if (numbers.length > 0) equals.push(`${numberOf(names, field)} ${equalTo(names, numbers, 'Float64')}`);
  return equals.length > 1 ? `(${equals.join(' OR ')})` : equals.join('');
}

function equalTo({ compiler }: Names, values: readonly unknown[], type: 'String' | 'Float64'): string {
  return values.length === 1
    ? `= ${parameter(compiler, values[0], type)}`
    : `IN ${parameter(compiler, values, `Array(${type})`)}`;
}

/** Conditions joined for WHERE, `true` when there are none. */
export function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join('\n  AND ');
}
