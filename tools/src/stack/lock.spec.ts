import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { identify } from './identity.ts';
import { withLock } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a lock', () => {
  it('is held by one at a time', async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async (): Promise<void> => {
      most.push(++inside);
      await sleep(5);
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(join(folder, 'one'), work)));
    expect(most).toEqual([1, 1, 1, 1, 1]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a process that has died is taken over', async () => {
    const path = join(folder, 'stale');
    writeFileSync(path, JSON.stringify({ ...identify(process.pid), started: 'earlier' }));
    const results = await Promise.all([1, 2, 3].map((n) => withLock(path, () => n)));
    expect(results).toEqual([1, 2, 3]);
    expect(existsSync(path)).toBe(false);
  });

  it('of a process that lives is waited for, and then it is said who holds it', async () => {
    const path = join(folder, 'held');
    writeFileSync(path, JSON.stringify(identify(process.pid)));
    await expect(withLock(path, () => 1, 10)).rejects.toThrow(`is held by process ${process.pid}`);
  });

  it('is given back after a failure', async () => {
    const path = join(folder, 'failed');
    const fails = (): never => {
      throw new Error('no');
    };
    await expect(withLock(path, fails)).rejects.toThrow('no');
    expect(await withLock(path, () => 1)).toBe(1);
  });
});
