import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBytes, MAX_VALUE_BYTES, StateTooLarge, toKeyBytes, toValueBytes } from './text.ts';

const overTheWire = (bytes: string | Buffer): Buffer => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
const valueBytes = (text: string): Buffer => overTheWire(toValueBytes(text, 'key'));

/** Any sequence of code units: lone surrogates and U+0000 included. */
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const longText = fc.tuple(anyText, fc.integer({ min: 1, max: 3_000 })).map(([text, times]) => text.repeat(times));

describe('text as bytes', () => {
  it('comes back as it was, whatever its characters', () => {
    fc.assert(fc.property(anyText, (text) => fromBytes(overTheWire(toKeyBytes(text))) === text));
  });

  it('comes back as it was, whatever its length', () => {
    const fitting = longText.filter((text) => Buffer.byteLength(text) <= MAX_VALUE_BYTES);
    fc.assert(fc.property(fitting, (text) => fromBytes(valueBytes(text)) === text));
  });

  it('of two keys differs', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        fc.pre(a !== b);
        expect(overTheWire(toKeyBytes(a)).equals(overTheWire(toKeyBytes(b)))).toBe(false);
      }),
    );
    const [lone, replaced] = ['u:\ud800', 'u:\ufffd'].map((key) => overTheWire(toKeyBytes(key)));
    expect(lone).not.toEqual(replaced);
  });

  it('takes no byte more than UTF-8 when it is short, and far fewer when it is long', () => {
    const short = JSON.stringify({ user: 'ünïcödé 🙂', n: 1 });
    expect(valueBytes(short)).toEqual(Buffer.from(short));
    const long = JSON.stringify(Array.from({ length: 1_000 }, (_, n) => ({ path: `/products/${n}`, at: n * 1_000 })));
    expect(valueBytes(long).length).toBeLessThan(long.length / 3);
  });
});

describe('the bound', () => {
  it.each([
    ['ASCII', 'x'],
    ['three bytes a character', '€'],
    ['lone surrogates', '\ud800'],
  ])('is on bytes of UTF-8: %s', (_, character) => {
    const most = Math.floor(MAX_VALUE_BYTES / Buffer.byteLength(character));
    expect(fromBytes(valueBytes(character.repeat(most)))).toBe(character.repeat(most));
    expect(() => valueBytes(character.repeat(most + 1))).toThrow(StateTooLarge);
  });

  it('is told with the key and both sizes, not with the value', () => {
    const fault = 'The state of key "u:\\"ada\\"" has 262145 bytes; at most 262144 are stored.';
    expect(() => toValueBytes('x'.repeat(MAX_VALUE_BYTES + 1), 'u:"ada"')).toThrow(fault);
  });

  it('holds for what is read: a few bytes cannot become many', () => {
    const huge = valueBytes('x'.repeat(MAX_VALUE_BYTES)).subarray(1);
    expect(() => fromBytes(Buffer.concat([Buffer.from([0xfe]), huge, huge]))).toThrow();
  });
});
