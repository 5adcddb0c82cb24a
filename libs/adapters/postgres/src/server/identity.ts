import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The user a PostgreSQL server runs as; empty = our own user. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** Users to run as when we are root, in order of preference. initdb insists on a user that has a name. */
const CANDIDATES = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, because whoever breaks into it would own the machine. When we are root (in a
 * container, as a rule) its processes run as an unprivileged user, and its data folder belongs to that user.
 * @param dataFolder an existing data folder keeps the user that owns it
 */
export function serverIdentity(dataFolder: string): Identity {
  if (process.getuid?.() !== 0) return {};
  const owner = ownerOf(dataFolder);
  if (owner !== undefined && owner.uid !== 0) return owner;
  const users = readUsers();
  const found = CANDIDATES.map((name) => users.get(name)).find((user) => user !== undefined);
  return found ?? { uid: 65534, gid: 65534 };
}

function ownerOf(folder: string): { uid: number; gid: number } | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat && { uid: stat.uid, gid: stat.gid };
}

function readUsers(): Map<string, { uid: number; gid: number }> {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', , uid = '', gid = ''] = line.split(':');
      return [name, { uid: Number(uid), gid: Number(gid) }];
    }),
  );
}

/**
 * The first folder on the way from the root to `path` that the user may not enter, or null when there is none.
 * Parts that do not exist yet count as enterable. Looks at mode bits only, not at access lists.
 */
export function blockedAt(path: string, identity: Identity): string | null {
  if (identity.uid === undefined) return null;
  const parts = ancestors(existingPart(path));
  return parts.find((part) => !mayEnter(part, identity)) ?? null;
}

function existingPart(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })) return realpathSync(path);
  return path === dirname(path) ? path : existingPart(dirname(path));
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...ancestors(parent), path];
}

function mayEnter(path: string, { uid, gid }: Identity): boolean {
  const stat = statSync(path);
  if (!stat.isDirectory()) return true;
  if (stat.uid === uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}
