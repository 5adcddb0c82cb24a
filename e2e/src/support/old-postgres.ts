import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, temporaryFolder, waitFor } from './starter.ts';

/** PostgreSQL 15 as unpacked from Debian's packages; nothing is installed. */
interface Program {
  readonly bin: string;
  readonly libraries: string;
}

const PACKAGE = 'postgresql-15';
/** Below the temporary folder, not the user's cache: the server's unprivileged user has to get there. */
const CACHE = join(tmpdir(), 'productgraph-debian');
/** The unprivileged user `nobody`, as PostgreSQL does not run as root. */
const identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function run(program: string, args: readonly string[], cwd?: string): { output: string; error: string } {
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000, ...(cwd !== undefined && { cwd }) });
  if (result.error) return { output: '', error: result.error.message };
  if (result.status === 0) return { output: result.stdout, error: '' };
  return { output: result.stdout, error: result.stderr.trim().split('\n').at(-1) ?? `${program} failed` };
}

/** Takes the package and its libraries from apt, once per version; or says why this machine has none. */
export function findOldPostgres(): Program | { readonly missing: string } {
  const { output } = run('apt-cache', ['depends', PACKAGE]);
  const libraries = [...output.matchAll(/^ {2}Depends: (lib\S+)$/gmu)].flatMap(([, library]) => library ?? []);
  // LLVM is for compiling queries only, and large.
  const packages = [PACKAGE, ...libraries.filter((library) => !/^libc6$|^libllvm/.test(library))];
  if (libraries.length === 0) return { missing: `apt knows no package ${PACKAGE} on this machine` };
  const listing = run('apt-get', ['download', '--print-uris', ...packages]);
  const found = listing.output.match(/\S+\.deb \d+ \S+/gu)?.sort() ?? [];
  if (found.length === 0) return { missing: `apt-get download: ${listing.error}` };
  const folder = join(CACHE, createHash('sha256').update(found.join('\n')).digest('hex').slice(0, 16));
  const failure = existsSync(folder) ? null : unpack(packages, folder);
  return failure === null ? programIn(folder) : { missing: failure };
}

function unpack(packages: readonly string[], folder: string): string | null {
  const partial = `${folder}.${String(process.pid)}`;
  mkdirSync(partial, { recursive: true });
  try {
    // apt's own user cannot write here and says so; then it downloads as root.
    const downloaded = run('apt-get', ['download', ...packages], partial);
    if (downloaded.error !== '') return `apt-get download: ${downloaded.error}`;
    for (const file of readdirSync(partial).filter((name) => name.endsWith('.deb'))) {
      const unpacked = run('dpkg-deb', ['-x', file, 'root'], partial);
      if (unpacked.error !== '') return `dpkg-deb: ${unpacked.error}`;
    }
    if (!existsSync(folder)) renameSync(join(partial, 'root'), folder);
    return null;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function programIn(folder: string): Program {
  const libraries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.so(\.\d+)*$/u.test(path))
    .map((path) => join(folder, path, '..'));
  return { bin: join(folder, 'usr/lib/postgresql/15/bin'), libraries: [...new Set(libraries)].join(':') };
}

/** Starts it on a free port in a new folder, trusting everybody on 127.0.0.1. */
export async function startOldPostgres({
  bin,
  libraries,
}: Program): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = temporaryFolder();
  const data = join(folder.path, 'data');
  mkdirSync(data);
  chmodSync(data, 0o700);
  if (identity.uid !== undefined) chownSync(data, identity.uid, identity.gid);
  const options = {
    cwd: folder.path,
    env: { LD_LIBRARY_PATH: libraries, LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    ...identity,
  };
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '-A', 'trust', '-N'],
    {
      ...options,
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(`initdb of PostgreSQL 15 failed: ${made.stderr || String(made.error)}`);
  const port = await freePort();
  const flags = ['fsync=off', 'jit=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1'].flatMap((flag) => [
    '-c',
    flag,
  ]);
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close');
  await waitFor(() => log.includes('ready to accept connections') || child.exitCode !== null, 30_000, 'PostgreSQL 15');
  if (child.exitCode !== null) throw new Error(`PostgreSQL 15 ended: ${log}`);
  return {
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      folder.remove();
    },
  };
}
