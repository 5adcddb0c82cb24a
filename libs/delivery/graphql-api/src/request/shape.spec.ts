import { getIntrospectionQuery, parse } from 'graphql';
import { expect, it } from 'vitest';
import { DEFAULT_GRAPHQL_LIMITS } from '../limits.ts';
import type { Fault } from './fault.ts';
import { checkShape } from './shape.ts';

const limits = { ...DEFAULT_GRAPHQL_LIMITS, depth: 3, introspectionDepth: 4, fields: 10, aliases: 2, rootFields: 3 };

function budgetHit(query: string): unknown {
  try {
    checkShape(parse(query), limits);
    return null;
  } catch (error) {
    return (error as Fault).details.budget;
  }
}

const chain = (fragments: number): string =>
  Array.from({ length: fragments }, (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`).join(' ');

it.each([
  ['within all limits', '{ a { b { c } } }', null],
  ['too deep', '{ a { b { c { d } } } }', 'depth'],
  ['too deep through a fragment', '{ a { ...F } } fragment F on T { b { c { d } } }', 'depth'],
  ['too deep through an inline fragment', '{ a { ... on T { b { ... { c { d } } } } } }', 'depth'],
  ['deeper below __schema', '{ __schema { a { b { c } } } }', null],
  ['too deep below __schema', '{ __schema { a { b { c { d } } } } }', 'introspectionDepth'],
  [
    'too deep below __type in a fragment',
    '{ ...F } fragment F on Query { __type { a { b { c { d } } } } }',
    'introspectionDepth',
  ],
  ['as many fields', '{ a { b c d e f g h i j } }', null],
  ['too many fields', '{ a { b c d e f g h i j k } }', 'fields'],
  ['the same field too often', `{ a { ${'b '.repeat(10)} } }`, 'fields'],
  ['fragments that double at each level', `{ a { ...F0 } } ${chain(40)} fragment F40 on T { b }`, 'fields'],
  ['too many aliases', '{ x: a y: a z: a }', 'aliases'],
  ['too many aliases through fragments', '{ a { ...F ...F ...F } } fragment F on T { x: b }', 'aliases'],
  ['too many fields at the top', '{ a b c d }', 'rootFields'],
  ['too many fields at the top through fragments', '{ ...F ... { d } } fragment F on Query { a b c }', 'rootFields'],
  ['a circle of fragments, left to validation', '{ a { ...F } } fragment F on T { b ...F }', null],
  ['a fragment that is not there, left to validation', '{ a { ...F } }', null],
  ['the second operation too deep', 'query A { a } query B { a { b { c { d } } } }', 'depth'],
])('%s', (_what, query, budget) => {
  expect(budgetHit(query)).toBe(budget);
});

it('lets the introspection of explorers through by default', () => {
  const document = parse(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true }));
  expect(() => {
    checkShape(document, DEFAULT_GRAPHQL_LIMITS);
  }).not.toThrow();
});

it('names the budget, the limit and the value', () => {
  expect(() => {
    checkShape(parse('{ a { b { c { d } } } }'), limits);
  }).toThrow(
    expect.objectContaining({
      code: 'query_too_expensive',
      message: "The query's depth is 4; the limit is 3.",
      details: { budget: 'depth', limit: 3, value: 4 },
    }),
  );
});
