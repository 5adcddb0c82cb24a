import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateKey, hashKey, KEY_KINDS, KEY_LENGTH, keyKindOf, visiblePrefix } from './keys.ts';

describe('keys', () => {
  it.each(KEY_KINDS)('%s keys have their form and are recognised', (kind) => {
    const key = generateKey(kind);
    expect(key).toMatch(/^pg[wst]_[0-9A-Za-z]{38}$/);
    expect(key).toHaveLength(KEY_LENGTH);
    expect(keyKindOf(key)).toBe(kind);
    expect(visiblePrefix(key)).toBe(key.slice(0, 10));
  });

  it('are different every time', () => {
    expect(new Set(Array.from({ length: 500 }, () => generateKey('pgw'))).size).toBe(500);
  });

  it('show a typo in any place', () => {
    const key = generateKey('pgs');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: KEY_LENGTH - 1 }),
        fc.constantFrom('a', 'Z', '0', '9', '_', '-', 'é', ' '),
        (at, char) => {
          fc.pre(key[at] !== char);
          expect(keyKindOf(key.slice(0, at) + char + key.slice(at + 1))).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('show two characters that changed places', () => {
    const key = generateKey('pgw');
    for (let at = 4; at < KEY_LENGTH - 1; at++) {
      const swapped = key.slice(0, at) + (key[at + 1] ?? '') + (key[at] ?? '') + key.slice(at + 2);
      expect(keyKindOf(swapped)).toBe(swapped === key ? 'pgw' : null);
    }
  });

  it.each(['', 'pgw_', 'pgx_00000000000000000000000000000000000000', 'Bearer pgw_x', 'pgw_'.padEnd(10_000, 'a')])(
    'is none: %j',
    (text) => {
      expect(keyKindOf(text)).toBeNull();
    },
  );

  it('another kind with the same characters is no key', () => {
    expect(keyKindOf(generateKey('pgw').replace('pgw', 'pgs'))).toBeNull();
  });

  it('are stored as SHA-256', () => {
    expect(hashKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  // Keys handed out by older versions must stay keys.
  it('recognises a key made long ago', () => {
    expect(keyKindOf('pgw_sc1qLGCdZfmKykKA1dYJ81VA0a4ITLcASbqxmj')).toBe('pgw');
  });
});
