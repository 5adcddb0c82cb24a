import { globSync, mkdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { readSums, sumFaults } from './cache.ts';
import { runProgram, type ToRun } from './programs.ts';

/** A Debian package file: `<name>_<version>_<architecture>.deb`, a colon of the version as `%3a`. */
interface Deb {
  readonly name: string;
  readonly version: string;
}

/** Packages of Debian that belong together. */
interface DebLock {
  /** File of `lock`, for messages. */
  readonly name: string;
  /** Its text: lines `<sha256>  <package file>`. */
  readonly sums: string;
  /** For a machine without apt: what to do instead. */
  readonly lacking: string;
}

/**
 * Unpacks the packages of a lock into an empty folder, downloaded by `apt-get` without root and without installing them.
 * Debian keeps only the newest update of a package: one that is no longer there is replaced by the update of the same
 * upstream version, which apt has checked against Debian's signature; the notes that are returned say so.
 * @throws when a package that the lock knows has another checksum, or cannot be had
 */
export async function unpackDebs(folder: string, lock: DebLock): Promise<string[]> {
  const debs = join(folder, 'debs');
  mkdirSync(debs);
  const notes = await download(debs, lock);
  for (const deb of globSync('*.deb', { cwd: debs })) {
    await runProgram('dpkg-deb', ['-x', join(debs, deb), folder], { from: 'Debian: dpkg' });
  }
  rmSync(debs, { recursive: true });
  return notes;
}

async function download(folder: string, lock: DebLock): Promise<string[]> {
  const sums = readSums(lock.sums);
  const apt = { from: lock.lacking };
  const wanted = [...sums.keys()].map(parseDeb);
  await withLists({ folder, apt }, async (options) => {
    const known = await runProgram('apt-cache', [...options, 'madison', ...wanted.map(({ name }) => name)], apt);
    const asked = wanted.map((deb) => `${deb.name}=${offered(deb, known)}`);
    await runProgram('apt-get', [...options, 'download', ...asked], { ...apt, cwd: folder });
  });
  const files = globSync('*.deb', { cwd: folder });
  const locked = files.filter((file) => sums.has(file));
  const faults = sumFaults(folder, locked, new Map(locked.map((file) => [file, sums.get(file) ?? ''])));
  if (faults.length > 0) throw new Error(`Packages are not those of ${lock.name}: ${faults.join('; ')}`);
  const newer = files.filter((file) => !sums.has(file));
  return newer.map((file) => `${file} replaces the version of ${lock.name}, which Debian no longer has`);
}

/** First with the system's package lists, then, where these are missing or old, with fresh ones in a folder of our own. */
async function withLists(
  { folder, apt }: { readonly folder: string; readonly apt: ToRun },
  work: (options: readonly string[]) => Promise<void>,
): Promise<void> {
  // apt would download as another user, who may not write into the folder.
  const user = ['-o', `APT::Sandbox::User=${userInfo().username}`];
  try {
    await work(user);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('There is no')) throw error;
    const own = join(folder, 'apt');
    mkdirSync(join(own, 'lists/partial'), { recursive: true });
    mkdirSync(join(own, 'cache/archives/partial'), { recursive: true });
    const options = [...user, '-o', `Dir::State::lists=${own}/lists`, '-o', `Dir::Cache=${own}/cache`];
    await runProgram('apt-get', [...options, 'update'], apt);
    await work(options);
    rmSync(own, { recursive: true });
  }
}

/** The locked version when `apt-cache madison` lists it, else the newest of the same upstream version. */
export function offered({ name, version }: Deb, madison: string): string {
  const rows = madison.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const versions = rows.filter((row) => row[0] === name).map((row) => row[1] ?? '');
  const found = versions.find((one) => one === version) ?? versions.find((one) => upstream(one) === upstream(version));
  if (found === undefined) throw new Error(`apt has no ${name} ${version} (${versions.join(', ') || 'none at all'}).`);
  return found;
}

/** Without Debian's own part: 7.0.15 of 5:7.0.15-1~deb12u10. */
const upstream = (version: string): string => version.replace(/^\d+:/u, '').replace(/-[^-]*$/u, '');

/** @throws when it is not the name of a package file */
export function parseDeb(file: string): Deb {
  const [name, version, rest] = file.split('_');
  if (name === undefined || version === undefined || !rest?.endsWith('.deb')) throw new Error(`${file} is no package.`);
  return { name, version: decodeURIComponent(version) };
}
