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
import { type Compiler, parameter } from './compiler.ts';
import { numberOf, textOf } from './fields.ts';

/**
 * A filter as an SQL condition. It may be null where the filter is false; WHERE, CASE and IS NOT TRUE take that alike.
 */
export function filterSql(compiler: Compiler, filter: Filter): string {
  switch (filter.kind) {
    case 'condition':
      return conditionSql(compiler, filter);
    case 'not':
      return `(${filterSql(compiler, filter.filter)}) IS NOT TRUE`;
    default: {
      const inner = filter.filters.map((one) => `(${filterSql(compiler, one)})`);
      return inner.length === 0 ? String(filter.kind === 'and') : inner.join(filter.kind === 'and' ? ' AND ' : ' OR ');
    }
  }
}

/** What an event must fulfil for a selector, one condition each; empty for any event. */
export function selectorSql(compiler: Compiler, selector: EventSelector): string[] {
  const { type, name, filter } = selector;
  return [
    ...(type === null ? [] : [`e.type = ${parameter(compiler, type, 'text')}`]),
    ...(name === null ? [] : [`e.name = ${parameter(compiler, name, 'text')}`]),
    ...(filter === null ? [] : [`(${filterSql(compiler, filter)})`]),
  ];
}

function conditionSql(compiler: Compiler, condition: Condition): string {
  const field = fieldNamed(condition.field);
  const result = comparisonOf(field, condition);
  if ('fault' in result) throw new TypeError(result.fault);
  const { comparison } = result;
  const sql = comparisonSql(compiler, field, comparison);
  return 'negated' in comparison && comparison.negated ? `(${sql}) IS NOT TRUE` : sql;
}

/** The comparison without its negation. */
function comparisonSql(compiler: Compiler, field: Field, comparison: Comparison): string {
  const add = (value: unknown, type: 'double precision' | 'text'): string => parameter(compiler, value, type);
  switch (comparison.kind) {
    case 'set':
      return `${textOf(compiler, field)} IS NOT NULL`;
    case 'oneOf':
      return oneOfSql(compiler, field, comparison);
    case 'contains': {
      const text = textOf(compiler, field);
      return `strpos(lower(${text}), ${add(lowerAscii(comparison.text), 'text')}) > 0`;
    }
    case 'regex': {
      const regex = portableRegex(comparison.pattern, 'postgres');
      if ('fault' in regex) throw new TypeError(regex.fault);
      return `${textOf(compiler, field)} ~ ${add(regex.source, 'text')}`;
    }
    case 'size':
      return `${numberOf(compiler, field)} ${comparison.operator} ${add(comparison.value, 'double precision')}`;
    case 'between': {
      const [low, high] = [comparison.low, comparison.high].map((value) => add(value, 'double precision'));
      return `${numberOf(compiler, field)} BETWEEN ${low ?? ''} AND ${high ?? ''}`;
    }
  }
}

function oneOfSql(
  compiler: Compiler,
  field: Field,
  { texts, numbers }: Extract<Comparison, { kind: 'oneOf' }>,
): string {
  const equals: string[] = [];
  if (texts.length > 0) equals.push(`${textOf(compiler, field)} ${equalTo(compiler, texts, 'text')}`);
  if (numbers.length > 0) equals.push(`${numberOf(compiler, field)} ${equalTo(compiler, numbers, 'double precision')}`);
  return equals.length > 1 ? `(${equals.join(' OR ')})` : equals.join('');
}

function equalTo(compiler: Compiler, values: readonly unknown[], type: 'text' | 'double precision'): string {
  return values.length === 1
    ? `= ${parameter(compiler, values[0], type)}`
    : `= ANY (${parameter(compiler, values, `${type}[]`)})`;
}

/** Conditions joined for WHERE, `true` when there are none. */
export function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join('\n  AND ');
}
