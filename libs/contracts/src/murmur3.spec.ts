import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hash64, murmur3, PrefixHasher } from './murmur3.ts';

const hex = ({ hi, lo }: Hash64): string => hi.toString(16).padStart(8, '0') + lo.toString(16).padStart(8, '0');

const MASK = (1n << 64n) - 1n;
const rotate = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (64n - r))) & MASK;
const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

function finalMix(x: bigint): bigint {
  let k = x;
  k ^= k >> 33n;
  k = (k * 0xff51afd7ed558ccdn) & MASK;
  k ^= k >> 33n;
  k = (k * 0xc4ceb9fe1a85ec53n) & MASK;
  return k ^ (k >> 33n);
}

const word = (bytes: Uint8Array, at: number): bigint =>
  bytes.subarray(at, at + 8).reduce((sum, byte, i) => sum | (BigInt(byte) << BigInt(8 * i)), 0n);

/** The algorithm line by line from the reference source, slow and plain. */
function reference(bytes: Uint8Array): string {
  const blocks = Math.floor(bytes.length / 16);
  let h1 = 0n;
  let h2 = 0n;
  for (let i = 0; i < blocks; i++) {
    const k1 = (rotate((word(bytes, i * 16) * C1) & MASK, 31n) * C2) & MASK;
    h1 = (rotate(h1 ^ k1, 27n) + h2) & MASK;
    h1 = (h1 * 5n + 0x52dce729n) & MASK;
    const k2 = (rotate((word(bytes, i * 16 + 8) * C2) & MASK, 33n) * C1) & MASK;
    h2 = (rotate(h2 ^ k2, 31n) + h1) & MASK;
    h2 = (h2 * 5n + 0x38495ab5n) & MASK;
  }
  h2 ^= (rotate((word(bytes, blocks * 16 + 8) * C2) & MASK, 33n) * C1) & MASK;
  h1 ^= (rotate((word(bytes, blocks * 16) * C1) & MASK, 31n) * C2) & MASK;
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  return ((h1 + h2) & MASK).toString(16).padStart(16, '0');
}

describe('murmur3', () => {
  it.each([
    ['', '0000000000000000'],
    ['hello', 'cbd8a7b341bd9b02'],
    ['The quick brown fox jumps over the lazy dog', 'e34bbc7bbc071b6c'],
  ])('%j is %s', (text, expected) => {
    expect(hex(murmur3(Buffer.from(text)))).toBe(expected);
  });

  it('equals the reference for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(hex(murmur3(bytes))).toBe(reference(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not depend on where the bytes lie', () => {
    const bytes = Buffer.from('xxxThe quick brown fox jumps over the lazy dog');
    expect(hex(murmur3(bytes.subarray(3)))).toBe('e34bbc7bbc071b6c');
  });

  it('of a prefix and a text is that of both together', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { minLength: 1, maxLength: 4 }),
        (prefix, texts) => {
          const hasher = new PrefixHasher(prefix);
          for (const text of texts) {
            const expected = reference(Buffer.from(prefix + text));
            const bytes = Buffer.from(`<${text}>`);
            expect(hex(hasher.hash(text))).toBe(expected);
            expect(hex(hasher.hashBytes(bytes, 1, bytes.length - 1))).toBe(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
