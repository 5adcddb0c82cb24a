import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, explainOutput } from './faults.ts';
import type { Identity } from './identity.ts';

export interface DataFolder {
  /** Our own folder. */
  readonly folder: string;
  /** The server's folder inside it. */
  readonly data: string;
  readonly identity: Identity;
  readonly binaries: Binaries;
}

export const SUPERUSER = 'postgres';

/**
 * Makes the data folder on first use, in one step that a crash cannot leave half done.
 * @returns the database password, kept in a file that only our own user may read
 */
export function initialise(target: DataFolder, onLog: (line: string) => void): string {
  const { folder, data, binaries } = target;
  const passwordFile = join(folder, 'password');
  if (existsSync(data)) {
    checkVersion(target);
    return readFileSync(passwordFile, 'utf8').trim();
  }
  onLog(`Making a new database in ${folder}`);
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const partial = join(folder, 'pgdata.partial');
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  give(partial, target.identity);
  runInitdb({ ...target, data: partial, binaries }, password);
  renameSync(partial, data);
  return password;
}

function checkVersion({ folder, data, binaries }: DataFolder): void {
  const version = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8').trim());
  if (version === binaries.major) return;
  throw new EmbeddedPostgresError(
    `The data in ${folder} was written by PostgreSQL ${version} and this is PostgreSQL ${binaries.major}: dump it with version ${version}, or choose another DATA_DIR.`,
  );
}

function give(path: string, { uid, gid }: Identity): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function runInitdb({ folder, data, identity, binaries }: DataFolder, password: string): void {
  const passwordCopy = join(folder, 'password.initdb');
  writeFileSync(passwordCopy, password, { mode: 0o600 });
  give(passwordCopy, identity);
  const args = ['-D', data, '-U', SUPERUSER, '-E', 'UTF8', '--auth=scram-sha-256', `--pwfile=${passwordCopy}`];
  // Code point order and full Unicode case rules on every machine, independent of the C library's locales.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions');
  try {
    const env = { LD_LIBRARY_PATH: binaries.libraries, LC_ALL: 'C' };
    const result = spawnSync(binaries.initdb, args, { cwd: folder, env, encoding: 'utf8', ...identity });
    if (result.error) throw new EmbeddedPostgresError(`initdb could not be run: ${result.error.message}`);
    if (result.status !== 0) throw explainOutput(result.stderr, { port: 0, folder });
  } finally {
    rmSync(passwordCopy, { force: true });
  }
}
