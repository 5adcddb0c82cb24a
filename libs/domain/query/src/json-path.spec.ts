import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf } from './fields.ts';
import { jsonAt, jsonKeys, jsonText } from './json-path.ts';

function at(json: string, name: string): string | null {
  const source = fieldOf(`properties.${name}`)?.source;
  if (source?.kind !== 'json') throw new Error(name);
  return jsonText(jsonAt(json, source.place));
}

describe('a JSON field', () => {
  it.each([
    ['{"a":1.0}', 'a', '1.0'],
    ['{"a":1152921504606846977}', 'a', '1152921504606846977'],
    ['{"a":"x\\"y\\u00e9"}', 'a', 'x"yé'],
    ['{"a":""}', 'a', ''],
    ['{"a":null}', 'a', null],
    ['{"a":true , "b" : false}', 'b', 'false'],
    ['{}', 'a', null],
    ['{"b":1}', 'a', null],
    [' { "a" : { "b" : [ 1, {"c": "}" } ] } } ', 'a.b.1.c', '}'],
    ['{"a":{"b":[1, 2 ]}}', 'a.b', '[1, 2 ]'],
    ['{"a":[5,6]}', 'a.-1', '6'],
    ['{"a":[5,6]}', 'a.2', null],
    ['{"a":[5,6]}', 'a.x', null],
    ['{"a":5}', 'a.b', null],
    ['{"a.b":1,"a":{"b":2}}', 'a.b', '1'],
    ['{"a.b":null,"a":{"b":2}}', 'a.b', null],
    ['{"a":1,"a":2}', 'a', '2'],
    ['{"\\u0061":1}', 'a', '1'],
    ['[1]', '0', '1'],
    ['"text"', 'a', null],
    ['{"a":{}}', 'a', '{}'],
  ])('%s at %s is %j', (json, name, text) => {
    expect(at(json, name)).toBe(text);
  });

  it('agrees with JSON.parse', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), key, fc.nat(2), (object, name, space) => {
        const json = JSON.stringify(object, null, space);
        const source = { key: name, path: [name] };
        const found = jsonAt(json, source);
        const expected = (JSON.parse(json) as Record<string, unknown>)[name];
        expect(found === undefined ? undefined : JSON.parse(found)).toEqual(expected);
        expect(jsonKeys(json)).toEqual(Object.keys(object));
      }),
    );
  });
});

describe('jsonKeys', () => {
  it.each([
    ['{"a":1,"b":{"c":2},"a":3}', ['a', 'b', 'a']],
    ['{}', []],
    ['[1]', []],
  ])('%s', (json, keys) => {
    expect(jsonKeys(json)).toEqual(keys);
  });
});
