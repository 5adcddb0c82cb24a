import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cached, cacheFolder, checksum, readSums, sumFaults } from './cache.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'cache-'));
});
afterEach(() => rmSync(base, { recursive: true }));

const filled =
  (text: string) =>
  async (folder: string): Promise<void> => {
    await sleep(5);
    writeFileSync(join(folder, 'file'), text);
  };

describe('the cache', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/caches' }, '/caches/productgraph'],
    [{ XDG_CACHE_HOME: '' }, join(homedir(), '.cache/productgraph')],
    [{}, join(homedir(), '.cache/productgraph')],
  ])('of %o is %s', (environment, folder) => expect(cacheFolder(environment)).toBe(folder));

  it('is filled once, also by several at once', async () => {
    let fills = 0;
    const fill = async (folder: string): Promise<void> => {
      fills++;
      await filled('text')(folder);
    };
    const folders = await Promise.all([1, 2, 3].map(() => cached({ name: 'thing', from: ['1'], fill }, base)));
    expect(new Set(folders).size).toBe(1);
    expect(fills).toBe(1);
    expect(readFileSync(join(folders[0]!, 'file'), 'utf8')).toBe('text');
    expect(readdirSync(base)).toHaveLength(1);
  });

  it('has another place for what is made of something else', async () => {
    const [one, two] = await Promise.all([
      cached({ name: 'thing', from: ['a', 'bc'], fill: filled('1') }, base),
      cached({ name: 'thing', from: ['ab', 'c'], fill: filled('2') }, base),
    ]);
    expect(one).not.toBe(two);
  });

  it('keeps nothing of what was not filled, and fills it the next time', async () => {
    const fill = async (folder: string): Promise<void> => {
      await filled('half')(folder);
      throw new Error('cut off');
    };
    await expect(cached({ name: 'thing', from: [], fill }, base)).rejects.toThrow('cut off');
    expect(readdirSync(base)).toEqual([]);
    const folder = await cached({ name: 'thing', from: [], fill: filled('whole') }, base);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('whole');
  });
});

describe('checksums', () => {
  const sums = readSums(`# about\n${checksum('a')}  a.jar\n${checksum('b')}  b.jar\n\n`);

  it('that are right', () => {
    writeFileSync(join(base, 'a.jar'), 'a');
    writeFileSync(join(base, 'b.jar'), 'b');
    expect(sumFaults(base, ['a.jar', 'b.jar'], sums)).toEqual([]);
  });

  it('name what is missing, changed, or too much', () => {
    writeFileSync(join(base, 'a.jar'), 'x');
    writeFileSync(join(base, 'c.jar'), 'c');
    expect(sumFaults(base, ['a.jar', 'c.jar'], sums)).toEqual([
      'b.jar is missing',
      `a.jar has checksum ${checksum('x')}, the lock says ${checksum('a')}`,
      'c.jar is not in the lock',
    ]);
  });
});
