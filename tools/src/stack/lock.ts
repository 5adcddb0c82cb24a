import { linkSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, type ProcessId } from './identity.ts';

let taken = 0;

/**
 * Runs `work` while this process alone holds the file `path`. The file names its holder by pid and start, so the lock of a
 * process that died is taken over at once.
 * @throws when another process holds it for longer than `waitMs` (default: no limit)
 */
export async function withLock<T>(path: string, work: () => T | Promise<T>, waitMs = Infinity): Promise<T> {
  const own = `${path}.${process.pid}.${taken++}`;
  writeFileSync(own, JSON.stringify(identify(process.pid)));
  try {
    const until = performance.now() + waitMs;
    while (!tryLink(own, path)) {
      breakIfStale(path, `${own}.stale`);
      if (performance.now() > until) throw new Error(`${path} is held by process ${holder(path)?.pid ?? '?'}.`);
      await sleep(50);
    }
    try {
      return await work();
    } finally {
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** A hard link comes with its content and fails where the name is taken: there is no moment of an empty lock file. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function breakIfStale(path: string, aside: string): void {
  const dead = holder(path);
  if (!dead || isAlive(dead)) return;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = holder(aside);
  // Another waiter broke it first and this moved that one's lock: put it back.
  if (moved && isAlive(moved)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

/** Removes what processes that were killed have left in this folder of their waiting for locks. */
export function sweepLocks(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => /\.lock\.\d+\.\d+(\.stale)?$/u.test(one))) {
    const waiter = holder(join(folder, name));
    if (waiter && !isAlive(waiter)) rmSync(join(folder, name), { force: true });
  }
}

function holder(path: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessId;
  } catch {
    return undefined;
  }
}
