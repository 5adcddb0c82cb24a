import type { StateSave } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { MAX_CHANGES, SAVE, saveArguments } from './save-script.ts';
import { StateTooLarge } from './text.ts';

const ids = { base: 'b', own: 'o' };
const saveOf = (changes: Partial<StateSave> = {}): StateSave => ({
  expectedRevision: 4,
  next: 10,
  windowStart: null,
  time: 1_760_000_000_000,
  puts: [],
  deletes: [],
  ...changes,
});

describe('arguments of a save', () => {
  it('are head, counts, values, timers, keys without a timer, deletes', () => {
    const puts = [
      { key: 'a', value: '1', due: 70 },
      { key: 'b', value: '2', due: null },
      { key: 'a', value: '3', due: 80 },
    ];
    expect(saveArguments(saveOf({ puts, deletes: ['c', 'a'], windowStart: 0 }), ids)).toEqual([
      ...['4', 'b', 'o', '5', '10', '0', '1760000000000'],
      ...['4', '2', '2', '1'],
      ...['a', '3', 'b', '2'],
      ...['80', 'a'],
      ...['b', 'c'],
      'c',
    ]);
    expect(saveArguments(saveOf(), ids)[5]).toBe('');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuse a timer at %d before anything is sent', (due) => {
    expect(() => saveArguments(saveOf({ puts: [{ key: 'a', value: '', due }] }), ids)).toThrow(RangeError);
  });

  it('are bounded in number and size', () => {
    const deletes = Array.from({ length: MAX_CHANGES + 1 }, (_, n) => String(n));
    expect(() => saveArguments(saveOf({ deletes }), ids)).toThrow(StateTooLarge);
    const value = Buffer.alloc(128 * 1024, 0xd8).toString('utf16le');
    const puts = Array.from({ length: 2_050 }, (_, n) => ({ key: String(n), value, due: null }));
    expect(() => saveArguments(saveOf({ puts }), ids)).toThrow(/A save has over 268435456 bytes of values/u);
  });
});

it('the script declares itself, so that Redis refuses it as a whole', () => {
  expect(SAVE.lua).toMatch(/^#!lua\n/u);
  expect(SAVE.sha).toMatch(/^[0-9a-f]{40}$/u);
});
