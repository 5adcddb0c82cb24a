import { buildSchema, parse } from 'graphql';
import { expect, it } from 'vitest';
import { checkCost, measuredOperation } from './operation.ts';
import { costOf } from './cost.ts';

const schema = buildSchema(`
  directive @cost(weight: Int!) on FIELD_DEFINITION
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
  type Query {
    number: Int
    thing: Thing
    dear: Int @cost(weight: 7)
    things(first: Int! = 50): [Thing!] @cost(weight: 10) @listSize(slicingArguments: ["first"])
    page(first: Int, last: Int): Page @cost(weight: 100) @listSize(assumedSize: 5, slicingArguments: ["first", "last"], sizedFields: ["edges"])
    lines: [Thing!] @listSize(assumedSize: 25)
  }
  type Page { edges: [Edge!] total: Int }
  type Edge { node: Thing cursor: String }
  type Thing { name: String thing: Thing inner: [Thing!] @listSize(assumedSize: 4) }
`);

function cost(query: string, variables: Record<string, unknown> = {}): number {
  return costOf(measuredOperation(schema, parse(query), { operationName: null, variables }));
}

it.each([
  ['a scalar', '{ number }', {}, 0],
  ['an object', '{ thing { name } }', {}, 1],
  ['a weight', '{ dear }', {}, 7],
  ['aliases, each on its own', '{ a: dear b: dear }', {}, 14],
  ['a list by its default size', '{ things { name } }', {}, 500],
  ['a list by its argument', '{ things(first: 3) { thing { name } } }', {}, 33],
  ['a list by a variable', 'query ($n: Int!) { things(first: $n) { name } }', { n: 2 }, 20],
  ['a list of nothing', '{ things(first: 0) { thing { name } } }', {}, 0],
  ['a size below zero', '{ things(first: -9) { name } }', {}, 0],
  ['a size beyond any list', '{ things(first: 2000000000) { name } }', {}, 100_000],
  ['a connection: page, edges, nodes', '{ page(first: 3) { edges { node { name } } total } }', {}, 106],
  ['a connection by another argument', '{ page(last: 2) { edges { cursor } } }', {}, 102],
  ['a connection by its assumed size', '{ page { edges { cursor } } }', {}, 105],
  ['an assumed size', '{ lines { name } }', {}, 25],
  ['sizes multiply', '{ lines { inner { name } } }', {}, 125],
  ['a fragment on a connection', '{ page(first: 3) { ...P } } fragment P on Page { edges { node { name } } }', {}, 106],
  ['a fragment twice', '{ a: thing { ...T } b: thing { ...T } } fragment T on Thing { thing { name } }', {}, 4],
  [
    'the same fragment in two sizes',
    '{ a: page(first: 1) { ...P } b: page(first: 2) { ...P } } fragment P on Page { edges { cursor } }',
    {},
    203,
  ],
  ['an inline fragment', '{ ... on Query { ... { dear } } }', {}, 7],
  ['a skipped field all the same', '{ dear @skip(if: true) }', {}, 7],
  ['introspection', '{ __schema { types { name } } __typename }', {}, 10],
] as const)('%s', (...[_what, query, variables, expected]) => {
  expect(cost(query, variables)).toBe(expected);
});

it('measures fragments that double at each level once', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, i) => `fragment F${i} on Thing { thing { ...F${i + 1} ...F${i + 1} } }`,
  );
  expect(cost(`{ thing { ...F0 } } ${fragments.join(' ')} fragment F60 on Thing { name }`)).toBeGreaterThan(2 ** 59);
});

it('names the budget', () => {
  const operation = measuredOperation(schema, parse('{ dear }'), { operationName: null, variables: {} });
  expect(() => {
    checkCost(operation, 6);
  }).toThrow(expect.objectContaining({ code: 'query_too_expensive', details: { budget: 'cost', limit: 6, value: 7 } }));
});
