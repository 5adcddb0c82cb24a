import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from './json-scanner.ts';

const scanner = new JsonScanner();

/** Whether the text is one JSON value, by the scanner. */
function scans(text: string | Buffer): boolean {
  scanner.load(Buffer.from(text));
  const start = scanner.space(0);
  const end = scanner.value(start);
  return end >= 0 && scanner.space(end) === scanner.end;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const FRAGMENTS = [
  '{', '}', '[', ']', ',', ':', '"', '\\', '"a"', '"events"', '},{', '{"a":1}', 'null', 'true', 'false', 'nul', 'tru', '0', '-', '1e400',
  '-0', '01', '1.', '.5', '1.5e+3', '1E-2', '12345678901234567890', '\\u0000', '\\ud800', '\\udc00\\ud800', '\\ud83d\\ude00', '\\x', '\\u12', ' ',
  '\n', '\t', '\r', '\0', '\u00a0', '\ufeff', '\u2028', 'é', '😀', '"__proto__"', '"\u007f"', '/', '//', "'",
]; // prettier-ignore

const corpus = fc.sample(fc.json({ maxDepth: 3 }), { numRuns: 60, seed: 1 });

/** Valid JSON with pieces cut out, doubled, or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...FRAGMENTS)), { maxLength: 4 }),
  )
  .map(([json, edits]) =>
    edits.reduce((text, [at, cut, put]) => {
      const place = text.length === 0 ? 0 : at % text.length;
      return text.slice(0, place) + put + text.slice(place + cut);
    }, json),
  );
const pieced = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((pieces) => pieces.join(''));

describe('JSON scanner', () => {
  it.each([
    '{}', '[]', '""', '0', '-0', '-0.0e-0', '1e400', ' {"a" : [ 1 , {"b":null} ] } ', '[[],{},[{}],""]', '{"a":1,"a":2}', '{"__proto__":{}}',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"', '"},{"', '"é😀\u2028"', '[true,false,null]', '"\u007f"',
  ])('accepts %s', (text) => {
    expect(scans(text)).toBe(true);
    expect(parses(text)).toBe(true);
  }); // prettier-ignore

  it.each([
    '', ' ', '{', '}', '[', ']', '[1,]', '[,1]', '{,}', '{"a"}', '{"a":}', '{"a":1,}', '{a:1}', "{'a':1}", '{"a":1 "b":2}', '{"a":1]', '[1}', '01',
    '1.', '.5', '+1', '-', '1e', '1e+', '0x1', 'NaN', 'Infinity', 'nul', 'nulll', 'TRUE', '"', '"\\"', '"\\x"', '"\\u12g4"', '"\\u123"', '"a\nb"', '"\t"',
    '"\0"', '\ufeff{}', '\u00a0{}', '{}\u00a0', '// a\n{}', '{}{}', '1 2', '[1 2]', '{"a"::1}', '{"a":1,,"b":2}', '{1:2}',
  ])('refuses %j', (text) => {
    expect(scans(text)).toBe(false);
    expect(parses(text)).toBe(false);
  }); // prettier-ignore

  it('agrees with JSON.parse on what is JSON', () => {
    fc.assert(
      fc.property(fc.oneof(mutated, pieced), (text) => {
        expect(scans(text)).toBe(parses(Buffer.from(text).toString('utf8')));
      }),
      { numRuns: 3_000 },
    );
  });

  it('looks at bad UTF-8 inside strings as any other character', () => {
    expect(scans(Buffer.from([0x22, 0xff, 0xc3, 0x22]))).toBe(true);
    expect(scans(Buffer.from([0xff]))).toBe(false);
  });

  it.each([1_000, 200_000])('has no trouble with %i levels', (depth) => {
    scanner.deepest = 0;
    expect(scans('['.repeat(depth) + ']'.repeat(depth))).toBe(true);
    expect(scanner.deepest).toBe(depth);
    expect(scans('{"a":'.repeat(depth) + '1' + '}'.repeat(depth))).toBe(true);
    expect(scans('['.repeat(depth) + ']'.repeat(depth - 1))).toBe(false);
    expect(scans('['.repeat(depth) + '}')).toBe(false);
  });

  it.each([
    ['"a"', 0, 0],
    ['{}', 1, 0],
    ['{"a":{"b":[{"c":1}]},"d":2}', 4, 4],
    ['[{"a":1},{"a":1}]', 2, 2],
  ])('counts levels and keys of %s', (text, levels, keys) => {
    scanner.deepest = 0;
    scanner.keys = 0;
    expect(scans(text)).toBe(true);
    expect([scanner.deepest, scanner.keys]).toEqual([levels, keys]);
  });

  it('knows strings that no store keeps', () => {
    const strings = fc.array(
      fc.constantFrom('\\u0000', '\\ud800', '\\uDC00', '\\ud83d\\ude00', '\\\\u0000', 'a', '\\n', '\\u0001'),
    );
    fc.assert(
      fc.property(strings, (pieces) => {
        scanner.hasBadText = false;
        const text = `"${pieces.join('')}"`;
        expect(scans(text)).toBe(true);
        const value = JSON.parse(text) as string;
        expect(scanner.hasBadText).toBe(value.includes('\0') || !value.isWellFormed());
      }),
    );
  });
});
