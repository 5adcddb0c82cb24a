import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process uses the folder. */
export class SpoolInUse extends Error {
  override readonly name = 'SpoolInUse';
}

const SQLITE_BUSY = 5;

/**
 * Locks the folder for this process until `release`, or until it dies in whatever way: the lock is one of the operating system (fcntl),
 * which Node offers through SQLite only. Pids would not do, for each container has its own.
 * @throws SpoolInUse
 */
export function lockFolder(folder: string): { release(): void } {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const isBusy = (error as { errcode?: number }).errcode === SQLITE_BUSY;
    if (isBusy) throw new SpoolInUse(`The spool ${folder} is used by another process`, { cause: error });
    throw error;
  }
  return { release: () => database.close() };
}
