import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextMemo } from './text-memo.ts';

describe('text memo', () => {
  it('never gives one text the value of another', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(texts, (list) => {
        const memo = new TextMemo<string>(1_000);
        for (const text of list) {
          const bytes = Buffer.from(`<${text}>`);
          const found = memo.get(bytes, 1, bytes.length - 1);
          expect([undefined, text]).toContain(found);
          memo.keep(bytes.subarray(1, -1), text);
          expect(memo.get(bytes, 1, bytes.length - 1)).toBe(text);
        }
      }),
    );
  });

  it('keeps its own copy, and nothing that is too long', () => {
    const memo = new TextMemo<number>(3);
    const bytes = Buffer.from('abcd');
    memo.keep(bytes, 1);
    expect(memo.get(bytes, 0, 4)).toBeUndefined();
    memo.keep(bytes.subarray(0, 3), 2);
    bytes[0] = 120;
    expect(memo.get(bytes, 0, 3)).toBeUndefined();
    expect(memo.get(Buffer.from('abc'), 0, 3)).toBe(2);
  });
});
