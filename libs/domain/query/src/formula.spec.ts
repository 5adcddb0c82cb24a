import { describe, expect, it } from 'vitest';
import { evaluateFormula, formulaLabels, parseFormula } from './formula.ts';

function value(text: string, values: Record<string, number | null>): number | null {
  const parsed = parseFormula(text);
  if ('fault' in parsed) throw new Error(parsed.fault);
  return evaluateFormula(parsed.formula, values);
}

describe('formulas', () => {
  it.each([
    ['A', 6],
    ['A + B * 2', 10],
    ['(A + B) * 2', 16],
    ['A - B - 1', 3],
    ['A / B / 3', 1],
    ['-A + 10', 4],
    ['--A', 6],
    ['A * -B', -12],
    ['.5 * A', 3],
    ['A/Z', null],
    ['A/N', null],
    ['N * 0', null],
    ['A / (B - 2)', null],
    ['U', null],
    [' 1.25\n', 1.25],
  ])('%s is %j', (text, expected) => {
    expect(value(text, { A: 6, B: 2, Z: 0, N: null })).toBe(expected);
  });

  it.each([
    ['', 'ends too early'],
    ['A +', 'ends too early'],
    ['A B', 'B is not expected there'],
    ['(A', 'has a ( without )'],
    ['A)', ') is not expected there'],
    ['*A', '* is not expected there'],
    ['A $ B', 'cannot be read from character 2 on'],
    ['a', 'cannot be read from character 1 on'],
    ['AB', 'cannot be read from character 1 on'],
    ['A'.repeat(501), 'is longer than 500 characters'],
    [`${'('.repeat(60)}A${')'.repeat(60)}`, 'nests deeper than 50'],
  ])('%s: %s', (text, fault) => {
    expect(parseFormula(text)).toEqual({ fault });
  });

  it('names its series once', () => {
    const parsed = parseFormula('A / (B + A) - -C * 2');
    expect('formula' in parsed && formulaLabels(parsed.formula)).toEqual(['A', 'B', 'C']);
  });
});
