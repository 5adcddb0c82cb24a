import { chownSync, copyFileSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../postgres-programs.ts';

/** Folders whose content belongs to the running server and is not copied (PostgreSQL manual, 25.3.4). */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const omitted = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'standby.signal']);

/** Copies the files of a running PostgreSQL, below a backup that it knows of; a file may vanish meanwhile. */
export function copyCluster(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (omitted.has(name)) continue;
    copy(join(from, name), join(to, name), !emptied.has(name));
  }
  mkdirSync(join(to, 'pg_wal/archive_status'), { recursive: true, mode: 0o700 });
}

function copy(from: string, to: string, content: boolean): void {
  try {
    const stat = lstatSync(from);
    if (stat.isDirectory()) {
      mkdirSync(to, { recursive: true, mode: 0o700 });
      if (content) for (const name of readdirSync(from)) copy(join(from, name), join(to, name), true);
    } else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else copyFileSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Makes the user the owner of the folder and all that is in it. */
export function giveTo(path: string, { uid, gid }: Identity): void {
  if (uid === undefined || gid === undefined) return;
  chownSync(path, uid, gid);
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), uid, gid);
  }
}
