import { describe, expect, it } from 'vitest';
import { containsText, numberOf } from './text.ts';

describe('numberOf', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['1.50', 1.5],
    ['007', null],
    [' 1\t', 1],
    ['1e3', 1000],
    ['-2.5E-1', -0.25],
    ['0e9', 0],
    ['0.000', 0],
    ['', null],
    ['1 2', null],
    ['1\u00a0', null],
    ['1e-320', 1e-320],
    ['+1', null],
    ['.5', null],
    ['1.', null],
    ['1e999', null],
    ['1e-999', null],
    ['0x1A', null],
    ['NaN', null],
    ['Infinity', null],
  ])('%j is %j', (text, number) => {
    expect(numberOf(text)).toBe(number);
  });
});

describe('containsText', () => {
  it.each([
    ['Checkout', 'OUT', true],
    ['checkout', '', true],
    ['ÉCOLE', 'école', false],
    ['ÉCOLE', 'Écol', true],
  ])('%s contains %s: %s', (text, part, is) => {
    expect(containsText(text, part)).toBe(is);
  });
});
