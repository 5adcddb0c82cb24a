import { describe, expect, it } from 'vitest';
import { codeOf, isCancelled, isRetryable } from './faults.ts';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isRetryable', () => {
  it.each([
    '08006', '08P01', '53100', '53300', '57P01', '57P02', '57P03', '40001', '40P01', '55P03', 'ECONNREFUSED', 'ECONNRESET',
  ])('is true for %s', (code) => expect(isRetryable(withCode(code))).toBe(true)); // prettier-ignore

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
    'Query read timeout',
  ])('is true for the driver saying: %s', (text) => expect(isRetryable(new Error(text))).toBe(true));

  it.each(['23505', '23514', '42P01', '42501', '22021', '28P01', '57014'])('is false for %s', (code) =>
    expect(isRetryable(withCode(code))).toBe(false),
  );

  it.each([new Error('bug'), 'text', null, undefined, { code: 5 }])('is false for %o', (error) =>
    expect(isRetryable(error)).toBe(false),
  );

  it('looks into several tries to connect', () => {
    expect(isRetryable(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]))).toBe(true);
  });
});

it('tells the code and a cancelled query', () => {
  expect(codeOf(withCode('57014'))).toBe('57014');
  expect(codeOf(new Error('x'))).toBe('');
  expect(isCancelled(withCode('57014'))).toBe(true);
  expect(isCancelled(withCode('57P01'))).toBe(false);
});
