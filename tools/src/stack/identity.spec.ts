import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { everything, identify, isAlive, parsePs, parseStat, tree } from './identity.ts';

const after = `S 41 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000000 250 18446744073709551615`;

describe('proc(5)', () => {
  it.each([
    ['a plain name', `42 (java) ${after}`],
    ['a name with parentheses and spaces', `42 (a) S 9 (b) ${after}`],
  ])('reads %s', (_, stat) => {
    expect(parseStat(stat, 'boot')).toEqual({
      pid: 42,
      parent: 41,
      started: 'boot:987654',
      residentKb: 1000,
      stopped: false,
    });
  });

  it('sees who stands still', () => {
    expect(parseStat(`42 (java) ${after.replace('S', 'T')}`, '')?.stopped).toBe(true);
  });

  it.each(['Z', 'X'])('takes one in state %s for ended', (state) => {
    expect(parseStat(`42 (java) ${after.replace('S', state)}`, 'boot')).toBeUndefined();
  });
});

describe('ps', () => {
  it('reads lines, zombies left out', () => {
    const output =
      '   42    41 Ss    1000 Mon Nov 30 22:43:06 2026\n   43    41 Z+       0 Mon Nov 30 22:43:07 2026\n\n';
    expect(parsePs(output)).toEqual([
      { pid: 42, parent: 41, started: 'Mon Nov 30 22:43:06 2026', residentKb: 1000, stopped: false },
    ]);
  });
});

describe('a process', () => {
  it('is known by its number and start', () => {
    const own = identify(process.pid)!;
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, started: 'earlier' })).toBe(false);
    expect(identify(2 ** 22 + 1)).toBeUndefined();
  });

  it('is found with what it has forked', () => {
    const found = tree(identify(process.ppid)!, everything());
    expect(found[0]?.pid).toBe(process.ppid);
    expect(found.map(({ pid }) => pid)).toContain(process.pid);
  });

  it('is no longer there once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const id = identify(child.pid!)!;
    await once(child, 'exit');
    expect(isAlive(id)).toBe(false);
    expect(tree(id)).toEqual([]);
  });
});
