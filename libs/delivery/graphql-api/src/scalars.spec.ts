import { parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scalars } from './scalars.ts';

type Name = keyof typeof scalars;
const REFUSED = Symbol('refused');

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    expect(error).toHaveProperty('name', 'GraphQLError');
    return REFUSED;
  }
}

const noon = Date.UTC(2026, 4, 17, 12);

describe('in a document', () => {
  it.each<[Name, string, unknown]>([
    ['DateTime', '"2026-05-17T12:00:00Z"', noon],
    ['DateTime', '"2026-05-17T14:00:00+02:00"', noon],
    ['DateTime', '"2026-05-17T12:00:00.000Z"', noon],
    ['DateTime', '"2026-05-17"', Date.UTC(2026, 4, 17)],
    ['DateTime', `${noon}`, noon],
    ['DateTime', '"2026-05-17T12:00:00"', REFUSED],
    ['DateTime', '"yesterday"', REFUSED],
    ['DateTime', '"2026-13-41"', REFUSED],
    ['DateTime', '1.5', REFUSED],
    ['DateTime', '9e99', REFUSED],
    ['Long', '5000000000', 5_000_000_000],
    ['Long', '12345678901234567890', REFUSED],
    ['Long', '"5"', REFUSED],
    ['Scalar', '"x"', 'x'],
    ['Scalar', '1.5', 1.5],
    ['Scalar', 'false', false],
    ['Scalar', '12345678901234567890', REFUSED],
    ['Scalar', 'null', REFUSED],
    ['Scalar', '[1]', REFUSED],
    ['Range', '"-7d"', '-7d'],
    ['Range', '7', REFUSED],
    ['JSON', '{a: [1, "x", null, true, {b: 2.5}]}', { a: [1, 'x', null, true, { b: 2.5 }] }],
  ])('%s %s', (name, literal, expected) => {
    expect(attempt(() => scalars[name].parseLiteral(parseValue(literal), {}))).toEqual(expected);
  });

  it('JSON keeps digits and takes variables', () => {
    const value = scalars.JSON.parseLiteral(parseValue('{n: 1.10, big: 12345678901234567890, v: $v}'), { v: 7 });
    expect(JSON.stringify(value)).toBe('{"n":1.10,"big":12345678901234567890,"v":7}');
  });
});

describe('in variables', () => {
  it.each<[Name, unknown, unknown]>([
    ['DateTime', '2026-05-17T12:00:00Z', noon],
    ['DateTime', noon, noon],
    ['DateTime', true, REFUSED],
    ['DateTime', {}, REFUSED],
    ['Long', 5_000_000_000, 5_000_000_000],
    ['Long', 2 ** 53, REFUSED],
    ['Scalar', Number.NaN, REFUSED],
    ['Scalar', 2 ** 60, REFUSED],
    ['Scalar', 0.5, 0.5],
    ['Scalar', { a: 1 }, REFUSED],
    ['Range', ['-7d'], REFUSED],
    ['JSON', { a: [1] }, { a: [1] }],
  ])('%s %j', (name, value, expected) => {
    expect(attempt(() => scalars[name].parseValue(value))).toEqual(expected);
  });
});

it.each<[Name, unknown, unknown]>([
  ['DateTime', noon, '2026-05-17T12:00:00.000Z'],
  ['DateTime', 1.5, REFUSED],
  ['Long', 5_000_000_000, 5_000_000_000],
  ['Long', 1.5, REFUSED],
])('out: %s %s', (name, value, expected) => {
  expect(attempt(() => scalars[name].serialize(value))).toEqual(expected);
});
