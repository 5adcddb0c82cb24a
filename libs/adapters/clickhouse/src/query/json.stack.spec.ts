import { jsonAt, jsonKeys, jsonText, textValue } from '@productgraph/domain-query';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClickHouse, type ClickHouse } from '../client/connection.ts';
import { testOptions } from '../testing/database.ts';
import { newCompiler } from './compiler.ts';
import { jsonAtSql, jsonKeysSql, jsonTextSql, spelledNumberSql } from './json.ts';
import { ofAllShards } from './tables.ts';

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Pieces of texts in every spelling, and everything that could be taken for the end of something. */
const pieces = oneOf(
  'a', 'b', 'A', '.', '0', '-1', '{', '}', '[', ']', ',', ':', ' ', 'null', '\u00e9', '\u{1f600}', '\u007f', '/',
  '\\"', '\\\\', '\\/', '\\n', '\\t', '\\u0061', '\\u0062', '\\u00e9', '\\u00E9', '\\ud83d\\ude00', '\\uD83D\\uDE00', '\\u000a', '\\u0022', '\\u005c',
); // prettier-ignore
const space = oneOf('', '', '', ' ', '\n', '\t ', '\r\n');
const text = fc.array(pieces, { maxLength: 3 }).map((parts) => `"${parts.join('')}"`);
const keys = ['a', 'b', 'a.b', '0', '-1', '\u00e9', '"', '\\', '/', '\n', '\u{1f600}', '', 'null', 'A', '}', '\u007f'];
const key = fc.oneof(
  text,
  oneOf(...keys).map((plain) => JSON.stringify(plain)),
);
const number = oneOf(
  '0',
  '-0',
  '1',
  '1.0',
  '-2.5',
  '1e2',
  '1E-7',
  '0.1',
  '1e400',
  '1e-400',
  '12345678901234567890',
  '9007199254740993',
);

const { json } = fc.letrec<{ json: string; list: string; object: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(text, number, oneOf('true', 'false', 'null', '"7"', '" 7\\t"', '"1e999"', '"+1"', '"0x1"', '"inf"', '"NaN"', '"01"')),
    tie('list'),
    tie('object'),
  ),
  list: fc
    .tuple(space, fc.array(fc.tuple(space, tie('json'), space).map((parts) => parts.join('')), { maxLength: 3 }))
    .map(([blank, items]) => `[${items.length === 0 ? blank : items.join(',')}]`),
  object: fc
    .tuple(space, fc.array(fc.tuple(space, key, space, tie('json'), space), { maxLength: 4 }))
    .map(([blank, members]) => `{${members.length === 0 ? blank : members.map(([a, k, b, v, c]) => `${a}${k}${b}:${c}${v}${a}`).join(',')}}`),
})); // prettier-ignore
const member = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(space, key, space, json).map(([gap, k, blank, value]) => `${gap}${k}${blank}:${blank}${value}`) },
  { weight: 1, arbitrary: oneOf('"a.b":"whole"', '"a": {"b":"nested"}', '"b":[{"a":2},3]', '"a.b" : null') },
); // prettier-ignore
const object = fc
  .tuple(space, fc.array(member, { maxLength: 5 }))
  .map(([blank, members]) => `${blank}{${members.join(',')}}`);

const anyPath = fc.array(oneOf(...keys, '1', '+0', '2', '-2'), { minLength: 1, maxLength: 3 });
const likelyPath = oneOf(['a', 'b'], ['b', '0', 'a'], ['b', '-1']);
const place = fc.oneof(anyPath, likelyPath).map((path) => {
  const whole = path.join('.');
  return { key: whole, path: whole.split('.') };
});

describe('JSON in ClickHouse', () => {
  let all: ClickHouse;
  beforeAll(() => void (all = connectClickHouse(testOptions('default'))));
  afterAll(() => all.close());

  /** The value of an expression over `e.properties` for each of the texts. */
  const valuesOf = async <T>(
    texts: readonly string[],
    expression: (compiler: ReturnType<typeof newCompiler>) => string,
  ): Promise<T[]> => {
    const compiler = newCompiler(ofAllShards(''));
    const sql = `SELECT ${expression(compiler)} AS value FROM (SELECT arrayJoin({texts:Array(String)}) AS properties) AS e`;
    const settings = { max_threads: 1, output_format_json_quote_denormals: 0 as const };
    const rows = await all.rows<{ value: T }>({ sql, params: { ...compiler.params, texts }, settings });
    return rows.map(({ value }) => value);
  };

  const many = { minLength: 150, maxLength: 150, size: 'max' } as const;

  it('is looked into as the domain does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(object, many), fc.array(place, { minLength: 5, maxLength: 5 }), async (texts, places) => {
        for (const one of places) {
          const expected = texts.map((whole) => jsonText(jsonAt(whole, one)));
          const found = await valuesOf<string | null>(texts, (compiler) =>
            jsonTextSql(compiler, jsonAtSql(compiler, 'e.properties', one)),
          );
          const first = expected.findIndex((value, i) => value !== found[i]);
          expect({ place: one, json: texts[first], value: found[first] }).toEqual({ place: one, json: texts[first], value: expected[first] });
        }
      }),
      { numRuns: 12, endOnFailure: true },
    ); // prettier-ignore
  });

  it('has the keys that the domain finds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(object, many), async (texts) => {
        const found = await valuesOf<string[]>(texts, (compiler) => jsonKeysSql(compiler, 'e.properties'));
        expect(found).toEqual(texts.map((whole) => jsonKeys(whole)));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('holds the numbers that the domain reads', async () => {
    const texts = fc.oneof(fc.double().map(String), number, fc.tuple(space, number, space).map((parts) => parts.join('')), fc.string(), oneOf('1.', '.5', '01', '+1', '1e', 'inf', 'nan', '0x10', '1 2', '-', '- 1', '1e-324', '5e-324', '0e-999', '1.7976931348623157e308', '1.8e308')); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(texts.filter((one) => !one.includes('\0')), many), async (spellings) => {
        const found = await valuesOf<number | null>(spellings, (compiler) => spelledNumberSql(compiler, 'e.properties'));
        const expected = spellings.map((spelling) => textValue(spelling).number);
        const first = expected.findIndex((value, i) => value !== found[i]);
        expect([spellings[first], found[first]]).toEqual([spellings[first], expected[first]]);
      }),
      { numRuns: 12, endOnFailure: true },
    ); // prettier-ignore
  });
});
