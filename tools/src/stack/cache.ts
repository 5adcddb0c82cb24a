import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.ts';

/** Where downloads and builds are kept: `$XDG_CACHE_HOME/productgraph` or `~/.cache/productgraph`. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  // Nothing and an empty text are the same.
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'productgraph'); // eslint-disable-line @typescript-eslint/prefer-nullish-coalescing
}

/** One thing that is downloaded or built once. */
export interface Cached {
  /** Folder name: what it is and its version. */
  readonly name: string;
  /** Everything that decides what is in it: lock files, versions of compilers. The key is their checksum. */
  readonly from: readonly string[];
  /** Fills an empty folder; it must verify what it brings. */
  readonly fill: (folder: string) => Promise<void>;
}

/**
 * The folder of a cached thing, made by `fill` when it is not there: in a folder beside it that is renamed when it is
 * whole, by one process at a time.
 */
export async function cached({ name, from, fill }: Cached, base = cacheFolder()): Promise<string> {
  const folder = join(base, `${name}-${checksum(from.join('\0')).slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(base, { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder;
    const fresh = `${folder}.${randomUUID()}`;
    mkdirSync(fresh);
    try {
      await fill(fresh);
      renameSync(fresh, folder);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    return folder;
  });
}

/** SHA-256 of a text or of bytes, in hex. */
export function checksum(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Lines `<sha256>  <file name>` of a lock file, as `sha256sum` writes them. */
export function readSums(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [sum = '', name = ''] = line.trim().split(/\s+/u);
      return [name, sum];
    }),
  );
}

/** What is wrong with the files of `folder` against these sums, in words; empty when every file is right. */
export function sumFaults(folder: string, files: readonly string[], sums: ReadonlyMap<string, string>): string[] {
  const missing = [...sums.keys()].filter((name) => !files.includes(name)).map((name) => `${name} is missing`);
  const faults = files.flatMap((name) => {
    const expected = sums.get(name);
    if (expected === undefined) return [`${name} is not in the lock`];
    const actual = checksum(readFileSync(join(folder, name)));
    return actual === expected ? [] : [`${name} has checksum ${actual}, the lock says ${expected}`];
  });
  return [...missing, ...faults];
}
