import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactNumber, parseExact } from './json.ts';

describe('exact JSON', () => {
  it.each([
    ['12345678901234567890'],
    ['1.10'],
    ['-0'],
    ['1e3'],
    ['1E400'],
    ['0.1000000000000000055511151231257827'],
    ['[9007199254740993,{"a":1.0}]'],
    ['"1.10"'],
    ['{"__proto__":{"x":1.50}}'],
    ['null'],
  ])('%s is written out as it was read', (text) => {
    expect(JSON.stringify(parseExact(text))).toBe(text);
  });

  it('keeps every number and string of any JSON text', () => {
    const digits = fc.oneof(
      fc.bigInt().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
      fc.tuple(fc.integer(), fc.stringMatching(/^\d{1,30}$/)).map(([whole, part]) => `${whole}.${part}`),
    );
    const text = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        digits,
        fc.string({ unit: 'grapheme' }).map((value) => JSON.stringify(value)),
        fc.constantFrom('true', 'false', 'null'),
        fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join()}]`),
        fc
          .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), tie('value')), {
            maxLength: 4,
            selector: ([key]) => key,
          })
          .map((entries) => `{${entries.map(([key, value]) => `"${key}":${value}`).join()}}`),
      ),
    })).value;
    fc.assert(
      fc.property(text, (json) => JSON.stringify(parseExact(json)) === json),
      { numRuns: 500 },
    );
  });

  it('leaves ordinary values ordinary', () => {
    expect(parseExact('{"a":[1,2.5,"x",null,true]}')).toEqual({ a: [1, 2.5, 'x', null, true] });
    expect(exactNumber('42')).toBe(42);
    expect(JSON.stringify(exactNumber('4.20'))).toBe('4.20');
  });

  it('refuses what is no JSON', () => {
    expect(() => parseExact('{"a":1.}')).toThrow(SyntaxError);
  });
});
