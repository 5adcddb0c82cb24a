import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { initdb, ownedFolder, reachableBinaries, unprivileged } from './postgres-programs.ts';

/** A throw-away PostgreSQL for tests: no durability, trust authentication, on 127.0.0.1 only. */
export interface TestPostgres {
  /** Superuser connection URL of the database `postgres`. */
  readonly url: string;
  /** Folder of the server's data; removed by `stop`. */
  readonly folder: string;
  /** Ends the server and keeps its data: SIGINT is a fast shutdown, SIGKILL a crash. */
  down(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Starts it again after `down`, on the same port. */
  up(): Promise<void>;
  /** Ends the server (fast shutdown) and removes its folder. */
  stop(): Promise<void>;
}

/** Settings of `startPostgres`; each entry of `settings` becomes a `-c name=value` of the server. */
export interface TestPostgresOptions {
  readonly settings?: Readonly<Record<string, string>>;
}

const settings: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  autovacuum_naptime: '5s',
  timezone: 'UTC',
};

const readyWithinMs = 30_000;

/**
 * Starts a PostgreSQL from the embedded binaries on a free port, in a new folder of the system's temporary folder.
 * @throws when the machine has no embedded binaries, initdb fails, or the server is not ready within 30 s (with its output)
 */
export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const identity = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'productgraph-pg-'));
  try {
    const native = reachableBinaries(folder, identity);
    const data = join(folder, 'data');
    ownedFolder(data, identity);
    const env = { PATH: process.env.PATH ?? '', LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C' };
    initdb(native, data, { env, cwd: folder, ...identity });
    const port = await freePort();
    const flags = Object.entries({ ...settings, ...options.settings }).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
    const launch = (): ChildProcess =>
      spawn(join(native, 'bin/postgres'), ['-D', data, '-p', String(port), ...flags], {
        env,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        ...identity,
      });
    const url = `postgres://postgres@127.0.0.1:${String(port)}/postgres`;
    return { url, folder, ...(await run(launch, folder)) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves at PostgreSQL's own "ready" line; rejects with the server's output when it ends or takes too long. */
async function ready(child: ChildProcess): Promise<void> {
  let output = '';
  const settled = new AbortController();
  const line = new Promise<void>((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      if (settled.signal.aborted) return;
      output += chunk.toString('utf8');
      if (output.includes('ready to accept connections')) resolve();
    });
  });
  const ended = once(child, 'exit', settled).then(([code]) => {
    throw new Error(`PostgreSQL ended with code ${String(code)}: ${output}`);
  });
  const late = sleep(readyWithinMs, undefined, settled).then(() => {
    throw new Error(`PostgreSQL was not ready within ${String(readyWithinMs)} ms: ${output}`);
  });
  try {
    await Promise.race([line, ended, late]);
  } catch (error) {
    child.kill('SIGQUIT');
    throw error;
  } finally {
    settled.abort();
    await Promise.allSettled([ended, late]);
  }
}

/** Runs the server until `stop`; the test process takes it along when it ends. */
async function run(launch: () => ChildProcess, folder: string): Promise<Pick<TestPostgres, 'down' | 'up' | 'stop'>> {
  let child = await started(launch);
  const kill = (): void => {
    child.kill('SIGQUIT');
  };
  process.once('exit', kill);
  const down = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    down,
    up: async () => {
      child = await started(launch);
    },
    stop: async () => {
      process.removeListener('exit', kill);
      await down('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** After a crash the first tries may fail: backends of the dead server still hold its shared memory. */
async function started(launch: () => ChildProcess): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    const child = launch();
    try {
      await ready(child);
      return child;
    } catch (error) {
      if (attempt === 10) throw error;
      await sleep(300);
    }
  }
}
