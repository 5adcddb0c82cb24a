import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@productgraph/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultDataDir, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts';
import { EmbeddedPostgresError } from './faults.ts';
import { freePort } from './free-port.ts';
import { isAlive } from './ownership.ts';

const asRoot = process.getuid?.() === 0;
const base = mkdtempSync(join(tmpdir(), 'productgraph-embedded-'));
const log: string[] = [];
const running: EmbeddedPostgres[] = [];

const start = async (dataDir: string, port?: number): Promise<EmbeddedPostgres> => {
  const options = { dataDir, memoryBytes: 512 * 1024 * 1024, onLog: (line: string) => log.push(line) };
  const server = await startEmbeddedPostgres({ ...options, ...(port !== undefined && { port }) });
  running.push(server);
  return server;
};

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

// One data folder for all: initdb takes two seconds. Its state "never started before" is tried by the first test.
const folder = join(base, 'data');

beforeAll(() => {
  // As a person's own folder would be; the server's user must be able to pass.
  chmodSync(base, 0o711);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  it('makes its data folder, lets only its password in, and listens on 127.0.0.1 only', async () => {
    const server = await start(folder);
    const [facts] = await query<Record<string, string>>(
      server.url,
      `SELECT current_user AS login, current_database() AS database, current_setting('fsync') AS fsync,
         current_setting('synchronous_commit') AS sync, current_setting('listen_addresses') AS addresses,
         current_setting('shared_buffers') AS buffers, current_setting('server_encoding') AS encoding,
         (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)::text AS superuser`,
    );
    expect(facts).toEqual({
      login: 'productgraph',
      database: 'productgraph',
      fsync: 'on',
      sync: 'on',
      addresses: '127.0.0.1',
      buffers: '128MB',
      encoding: 'UTF8',
      superuser: 'false',
    });
    const wrong = server.url.replace(/:[^:@/]+@/u, ':wrong@');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/u);
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'pgdata')).mode & 0o777).toBe(0o700);
  });

  it.runIf(asRoot)('runs as an unprivileged user when we are root', async () => {
    const server = await start(folder);
    expect(statSync(`/proc/${server.pid()}`).uid).not.toBe(0);
    expect(statSync(join(folder, 'pgdata')).uid).toBe(statSync(`/proc/${server.pid()}`).uid);
  });

  it('keeps data over a restart on a port of choice', async () => {
    const port = await freePort();
    const first = await start(folder, port);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    const second = await start(folder, port);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('starts the server again when it dies, on the same port', async () => {
    const server = await start(folder);
    const old = server.pid();
    process.kill(old, 'SIGKILL');
    await until('another one runs', async () => server.pid() !== old && (await answers(server.url)));
    expect(server.port).toBe(Number(new URL(server.url).port));
  });

  it('ends a server that outlived its killed parent and loses nothing', async () => {
    const parent = await startInOtherProcess(folder);
    await query(parent.url, 'CREATE TABLE orphan AS SELECT 1 AS n');
    process.kill(parent.pid, 'SIGKILL');
    await until('the parent is dead', () => !isAlive(parent.pid));
    expect(isAlive(parent.server)).toBe(true);
    const server = await start(folder);
    expect(server.pid()).not.toBe(parent.server);
    expect(await query(server.url, 'SELECT n FROM orphan')).toEqual([{ n: 1 }]);
    expect(log.join('\n')).toContain(`Ending PostgreSQL process ${parent.server}`);
  });

  it('starts although the lock file names an unrelated live process', async () => {
    const server = await start(folder);
    const lockFile = join(folder, 'pgdata/postmaster.pid');
    const lines = readFileSync(lockFile, 'utf8').split('\n');
    await server.stop();
    const stranger = spawn('sleep', ['60'], asRoot ? uidOf(join(folder, 'pgdata')) : {});
    try {
      writeFileSync(lockFile, [String(stranger.pid), ...lines.slice(1)].join('\n'));
      if (asRoot) chmodSync(lockFile, 0o644);
      expect(await answers((await start(folder)).url)).toBe(true);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });
});

describe('one sentence for', () => {
  const reject = async (promise: Promise<unknown>, message: RegExp): Promise<void> => {
    const error: unknown = await promise.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  };

  it('a data folder that another live process uses', async () => {
    const other = await startInOtherProcess(folder);
    try {
      await reject(
        start(folder),
        new RegExp(`in use by process ${other.pid}: stop it or choose another DATA_DIR`, 'u'),
      );
      expect(await answers(other.url)).toBe(true);
    } finally {
      process.kill(other.pid, 'SIGTERM');
      await until('it has ended', () => !isAlive(other.pid) && !isAlive(other.server));
    }
  });

  it('a port in use', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    await reject(start(folder, port), new RegExp(`Port ${port} on 127.0.0.1 is in use`, 'u'));
    squatter.close();
  });

  it('data of another major version', async () => {
    const old = join(base, 'old');
    mkdirSync(join(old, 'pgdata'), { recursive: true });
    writeFileSync(join(old, 'pgdata/PG_VERSION'), '15\n');
    await reject(start(old), /written by PostgreSQL 15 and this is PostgreSQL 18: dump it/u);
  });

  it('a data folder that is a file', async () => {
    writeFileSync(join(base, 'file'), '');
    await reject(start(join(base, 'file')), /file is a file: choose another DATA_DIR\.$/u);
    await reject(
      start(join(base, 'file/data')),
      /cannot be made, because .*file is a file: choose another DATA_DIR\.$/u,
    );
  });

  it.runIf(asRoot)('a folder that the unprivileged user cannot reach', async () => {
    const closed = join(base, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    await reject(start(join(closed, 'data')), new RegExp(`may not enter ${closed}: choose a DATA_DIR outside it`, 'u'));
  });
});

it('keeps data in the checkout, or outside where the server cannot go', () => {
  expect(defaultDataDir(base)).toBe(join(base, 'data'));
  const closed = join(base, 'home');
  mkdirSync(closed, { mode: 0o700 });
  const expected = asRoot ? /^\/var\/lib\/productgraph\/checkout-[0-9a-f]{8}$/u : /home\/checkout\/data$/u;
  expect(defaultDataDir(join(closed, 'checkout'))).toMatch(expected);
});

function uidOf(path: string): { uid: number; gid: number } {
  const { uid, gid } = statSync(path);
  return { uid, gid };
}

async function answers(url: string): Promise<boolean> {
  return query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}

/** Another process of ours that runs the server until it is told to end. */
async function startInOtherProcess(dataDir: string): Promise<{ pid: number; server: number; url: string }> {
  const source = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, memoryBytes: 5e8, onLog: () => {} });
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
    console.log(JSON.stringify({ server: server.pid(), url: server.url }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until('the other process has a server', () => output.includes('\n'));
  return { pid: child.pid ?? 0, ...(JSON.parse(output) as { server: number; url: string }) };
}
