import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableRegex } from './regex.ts';

function javascript(pattern: string): RegExp {
  const regex = portableRegex(pattern, 'javascript');
  if ('fault' in regex) throw new Error(regex.fault);
  return new RegExp(regex.source, 'su');
}

describe('portableRegex', () => {
  it.each([
    ['^/cart', '/cart/1', true],
    ['^/cart$', '/cart/1', false],
    ['a.c', 'a\nc', true],
    ['a|b|', '', true],
    ['^(?:a|b)+?$', 'abba', true],
    ['^\\d{2,3}$', '12', true],
    ['^\\d{2,3}$', '1234', false],
    ['^\\d{2,}$', '1234', true],
    ['^\\w+\\b', 'ab_9 c', true],
    ['^\\W$', 'é', true],
    ['^[^\\d]+$', 'é', true],
    ['[\\w.-]+@', 'a.b-c@', true],
    ['(?i)^CHECK[a-f]$', 'checkF', true],
    ['(?i)[^a-c]', 'B', false],
    ['[]]', ']', null],
    ['[a\\]]', ']', true],
    ['[\\^a]', '^', true],
    ['a\\.b', 'axb', false],
    ['\\tx', '\tx', true],
    ['[\\t]', '\t', true],
    ['\u{1f600}+', '\u{1f600}\u{1f600}', true],
    ['[\u{1f600}-\u{1f610}]', '\u{1f605}', true],
    ['é', 'É', false],
    ['^\\s$', '\u00a0', false],
  ])('%s on %j: %j', (pattern, text, is) => {
    if (is === null) expect(portableRegex(pattern, 'javascript')).toHaveProperty('fault');
    else expect(javascript(pattern).test(text)).toBe(is);
  });

  it.each([
    '(',
    ')',
    '[',
    'a)',
    '*',
    'a**',
    'a{1}{2}',
    'a{300}',
    'a{3,2}',
    'a{',
    '^*',
    '(?=a)',
    '(?<n>a)',
    '(a)\\1',
    '\\p{L}',
    '\\k',
    'a(?i)',
    '[z-a]',
    '[\\d-z]x{',
    '[^]',
    '\\',
    '[\\W]',
    '[a',
    `${'('.repeat(60)}a${')'.repeat(60)}`,
    'a'.repeat(501),
    'a\0',
    '[\0]',
    '[a-\\d]',
  ])('refuses %j', (pattern) => {
    // prettier-ignore
    expect(portableRegex(pattern, 'javascript')).toHaveProperty('fault');
  });

  it('writes the word boundary of each store', () => {
    expect(portableRegex('\\bx\\B', 'postgres')).toEqual({ source: '\\yx\\Y' });
    expect(portableRegex('\\bx\\B', 'javascript')).toEqual({ source: '\\bx\\B' });
  });

  it('never writes what JavaScript cannot compile', () => {
    const pieces = fc.constantFrom(
      ...'abZ09_ .^$|()[]{}*+?-\\/,é\u{1f600}'.split(''),
      '(?:',
      '(?i)',
      '{1,2}',
      '\\d',
      '\\b',
      '[a-z]',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const regex = portableRegex(parts.join(''), 'javascript');
        if ('source' in regex) expect(() => new RegExp(regex.source, 'su')).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the meaning of plain expressions', () => {
    const piece = fc.constantFrom('a', 'b', '.', 'a*', 'b+', '(?:a|b)', '[ab]', '[^a]', '^', '$', 'a{2}', '(ab)?');
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), text, (pieces, subject) => {
        const pattern = pieces.join('');
        expect(javascript(pattern).test(subject)).toBe(new RegExp(pattern, 'su').test(subject));
      }),
    );
  });
});
