import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './faults.ts';

/**
 * Makes the data folder, with those above it, for our own user only, and proves that it keeps files.
 * @throws EmbeddedPostgresError with one sentence for people when it cannot be used
 */
export function makeDataFolder(dataDir: string): void {
  const folder = resolve(dataDir);
  try {
    make(folder, folder);
    const probe = join(folder, `probe-${process.pid}`);
    writeFileSync(probe, '', { mode: 0o600 });
    rmSync(probe, { force: true });
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? error : unusable(folder, error as NodeJS.ErrnoException);
  }
}

/** Lets other users pass through to what is theirs inside; names inside stay unlisted where they were. */
export function letPass(folder: string): void {
  const { mode } = statSync(folder);
  if ((mode & 0o011) !== 0o011) chmodSync(folder, (mode & 0o7777) | 0o011);
}

/**
 * One folder after the other: `mkdir` with `recursive` never ends in a place like /proc, which answers "there is no such folder"
 * whatever is made in it.
 */
function make(path: string, folder: string): void {
  const found = look(path);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) throw notAFolder(path, folder);
  if (path !== dirname(path)) make(dirname(path), folder);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process of ours may have made it meanwhile.
    if (look(path)?.isDirectory() !== true) throw error;
  }
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Below a file; which one is seen on the way up.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function notAFolder(file: string, folder: string): EmbeddedPostgresError {
  const what =
    file === folder
      ? `The data folder ${folder} is a file`
      : `The data folder ${folder} cannot be made, because ${file} is a file`;
  return new EmbeddedPostgresError(`${what}: choose another DATA_DIR.`);
}

function unusable(folder: string, error: NodeJS.ErrnoException): EmbeddedPostgresError {
  return new EmbeddedPostgresError(sentence(folder, error), { cause: error });
}

function sentence(folder: string, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk that holds ${folder} is full: free some space and start again.`;
    case 'EROFS':
      return `The data folder ${folder} is on a read-only disk: choose another DATA_DIR.`;
    case 'EACCES':
      return `The data folder ${folder} may not be written to by user id ${process.getuid?.() ?? 'unknown'}: allow it or choose another DATA_DIR.`;
    // What /proc and /sys say.
    case 'ENOENT':
    case 'EPERM':
      return `The data folder ${folder} is in a place that keeps no files: choose another DATA_DIR.`;
    default:
      return `The data folder ${folder} cannot be used (${message}): choose another DATA_DIR.`;
  }
}
