import { describe, expect, it } from 'vitest';
import { comparisonOf, compares, textValue, type FieldValue } from './comparison.ts';
import { fieldOf } from './fields.ts';
import type { Operator, Scalar } from './questions.ts';

function compared(name: string, operator: Operator, values: readonly Scalar[]) {
  const field = fieldOf(name);
  if (field === null) throw new Error(name);
  return comparisonOf(field, { operator, values });
}

const nothing: FieldValue = { text: null, number: null };

describe('comparisons', () => {
  const cases: [Operator, Scalar[], FieldValue, boolean][] = [
    ['eq', ['a'], textValue('a'), true],
    ['eq', ['A'], textValue('a'), false],
    ['eq', ['1'], textValue('1.0'), false],
    ['eq', [1], textValue('1.0'), true],
    ['eq', [true], textValue('true'), true],
    ['eq', ['a'], nothing, false],
    ['neq', ['a'], textValue('b'), true],
    ['neq', ['a'], textValue('a'), false],
    ['neq', ['a'], nothing, true],
    ['in', ['a', 2], textValue('2.00'), true],
    ['in', ['a', 2], textValue('b'), false],
    ['notIn', ['a', 2], nothing, true],
    ['contains', ['B'], textValue('abc'), true],
    ['contains', ['B'], nothing, false],
    ['notContains', ['B'], nothing, true],
    ['notContains', ['B'], textValue('abc'), false],
    ['regex', ['^a'], textValue('abc'), true],
    ['notRegex', ['^a'], nothing, true],
    ['set', [], textValue(''), true],
    ['set', [], nothing, false],
    ['notSet', [], nothing, true],
    ['lt', [2], textValue('10'), false],
    ['lt', [2], textValue('x'), false],
    ['gt', ['2'], textValue('10'), true],
    ['lte', [2], textValue('2'), true],
    ['gte', [2], textValue('2'), true],
    ['gte', [2], nothing, false],
    ['between', [2, 3], textValue('3'), true],
    ['between', [2, 3], textValue('3.1'), false],
    ['between', [2, 3], nothing, false],
  ];
  it.each(cases)('%s %j of %j is %s', (...[operator, values, value, is]) => {
    const result = compared('properties.x', operator, values);
    if ('fault' in result) throw new Error(result.fault);
    expect(compares(result.comparison, value)).toBe(is);
  });

  const faults: [string, Operator, Scalar[], string][] = [
    ['page.path', 'eq', [], 'eq takes one value'],
    ['page.path', 'set', ['a'], 'set takes no value'],
    ['page.path', 'in', [], 'in takes 1 to 1000 values'],
    ['page.path', 'gt', [1], 'page.path is not a number'],
    ['page.path', 'regex', ['('], 'the expression has a ( without )'],
    ['page.path', 'contains', [1], 'contains takes one text'],
    ['page.path', 'eq', ['a\0'], 'holds U+0000'],
    ['api.status', 'contains', ['4'], 'contains needs a text field'],
    ['api.status', 'eq', ['x'], 'needs a number'],
    ['api.status', 'eq', [true], 'needs a number'],
    ['api.status', 'between', [5, 4], 'between takes the low value first'],
    ['api.status', 'between', [5], 'between takes a low and a high value; needs a number'],
    ['event.is_bot', 'eq', ['yes'], 'event.is_bot is true or false'],
    ['event.timestamp', 'gt', ['2015-05-17'], 'needs Unix milliseconds or an ISO 8601 time with offset'],
    ['properties.x', 'eq', [Number.NaN], 'needs finite numbers'],
  ];
  it.each(faults)('%s %s %j: %s', (...[name, operator, values, fault]) => {
    expect(compared(name, operator, values)).toEqual({ fault });
  });

  it('reads numbers and times from texts', () => {
    expect(compared('api.status', 'eq', ['404'])).toMatchObject({ comparison: { texts: [], numbers: [404] } });
    expect(compared('event.timestamp', 'gte', ['2015-05-17T10:00:00+02:00'])).toMatchObject({
      comparison: { operator: '>=', value: Date.UTC(2015, 4, 17, 8) },
    });
  });
});
