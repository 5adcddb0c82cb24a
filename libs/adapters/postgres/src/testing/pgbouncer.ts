import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../server/free-port.ts';

/** PgBouncer as unpacked from Debian's packages; nothing is installed. */
export interface PgBouncerProgram {
  readonly program: string;
  readonly libraries: string;
}

/** The program, or why there is none on this machine. */
export type FoundPgBouncer = PgBouncerProgram | { readonly missing: string };

const CACHE = join(homedir(), '.cache/productgraph/pgbouncer');

/** Takes the packages that apt knows into the user's cache, in a folder named after their versions and checksums. */
export function findPgBouncer(): FoundPgBouncer {
  const packages = packagesOf('pgbouncer');
  if (packages.length === 0) return { missing: 'apt knows no package pgbouncer on this machine' };
  const listing = run('apt-get', ['download', '--print-uris', ...packages]);
  const identity = listing.output.match(/\S+\.deb \d+ \S+/gu)?.sort() ?? [];
  if (identity.length === 0) return { missing: `apt-get download: ${listing.error}` };
  const folder = join(CACHE, createHash('sha256').update(identity.join('\n')).digest('hex').slice(0, 16));
  const failure = existsSync(folder) ? null : unpack(packages, folder);
  return failure === null ? programIn(folder) : { missing: failure };
}

/** The package and the libraries it depends on directly; the C library is the machine's own. */
function packagesOf(name: string): string[] {
  const { output } = run('apt-cache', ['depends', name]);
  const libraries = [...output.matchAll(/^ {2}Depends: (lib\S+)$/gmu)].flatMap(([, library]) => library ?? []);
  return libraries.length === 0 ? [] : [name, ...libraries.filter((library) => library !== 'libc6')];
}

/** Null, or what went wrong. */
function unpack(packages: readonly string[], folder: string): string | null {
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
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

function programIn(folder: string): FoundPgBouncer {
  const libraries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.so(\.\d+)*$/u.test(path))
    .map((path) => join(folder, path, '..'));
  return { program: join(folder, 'usr/sbin/pgbouncer'), libraries: [...new Set(libraries)].join(':') };
}

function run(program: string, args: readonly string[], cwd?: string): { output: string; error: string } {
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000, ...(cwd !== undefined && { cwd }) });
  if (result.error) return { output: '', error: result.error.message };
  if (result.status === 0) return { output: result.stdout, error: '' };
  const lastLine = result.stderr.trim().split('\n').at(-1) ?? '';
  return {
    output: result.stdout,
    error: lastLine === '' ? `${program} ended with ${result.status ?? 'a signal'}` : lastLine,
  };
}

export interface RunningPgBouncer {
  /** The URL of a database on the server, through PgBouncer. */
  through(databaseUrl: string): string;
  stop(): Promise<void>;
}

/** Starts it in transaction mode in front of the server, with few server connections, so that clients do share them. */
export async function startPgBouncer(found: PgBouncerProgram, serverUrl: string): Promise<RunningPgBouncer> {
  const server = new URL(serverUrl);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'productgraph-pgbouncer-'));
  chmodSync(folder, 0o755);
  const config = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${decodeURIComponent(server.username)}" "${decodeURIComponent(server.password)}"\n`);
  writeFileSync(
    config,
    `[databases]\n* = host=${server.hostname} port=${server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\n` +
      `unix_socket_dir =\npool_mode = transaction\ndefault_pool_size = 6\nmax_client_conn = 500\nauth_type = trust\nauth_file = ${users}\n`,
  );
  // It refuses to run as root and drops to the user itself, after having read its libraries from our cache.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  if (user.length > 0) for (const path of [folder, users, config]) chownSync(path, 65534, 65534);
  const child = spawn(found.program, [...user, config], {
    env: { LD_LIBRARY_PATH: found.libraries },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listening(child, port);
  return {
    through: (databaseUrl) => {
      const url = new URL(databaseUrl);
      url.port = String(port);
      return url.href;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${output}`);
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error(`PgBouncer does not listen: ${output}`);
}
