import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { cli, ROOT } from './cli.ts';

const FLAGS = JSON.parse(readFileSync(join(ROOT, 'apps/starter/assets/node-flags.json'), 'utf8')) as string[];

/** The built starter as a process of its own over a new data folder, with one project. */
export interface BenchStarter {
  readonly pid: number;
  readonly port: number;
  readonly databaseUrl: string;
  readonly projectId: string;
  readonly writeKey: string;
  readonly secretKey: string;
  /** Milliseconds from launch to ready. */
  readonly readyMs: number;
  /** Stops the process and starts it again over the same data. */
  restart(): Promise<BenchStarter>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${String(port)}/ready`);
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    // Not listening yet; the caller bounds the wait.
    return false;
  }
}

async function launch(folder: string): Promise<{ child: ChildProcess; port: number; readyMs: number }> {
  const port = await freePort();
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'warn' };
  const began = performance.now();
  const child = spawn(process.execPath, [...FLAGS, join(ROOT, 'dist/starter/main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await isReady(port))) {
    if (child.exitCode !== null || performance.now() - began > 120_000)
      throw new Error('The starter did not get ready');
    await sleep(20);
  }
  return { child, port, readyMs: performance.now() - began };
}

/** Starts the starter (already built) over a new folder; `stop` removes it. */
export async function startBenchStarter(): Promise<BenchStarter> {
  const folder = mkdtempSync(join(tmpdir(), 'productgraph-bench-'));
  chmodSync(folder, 0o755);
  let running = await launch(folder);
  const { id: projectId } = await cli<{ id: string }>({ DATA_DIR: folder }, [
    'projects',
    'create',
    'bench',
    '--org',
    'Bench',
  ]);
  const { key: writeKey } = await cli<{ key: string }>({ DATA_DIR: folder }, [
    'keys',
    'create',
    'write',
    '--project',
    projectId,
  ]);
  const { key: secretKey } = await cli<{ key: string }>({ DATA_DIR: folder }, [
    'keys',
    'create',
    'secret',
    '--project',
    projectId,
  ]);

  async function end(): Promise<void> {
    running.child.kill('SIGTERM');
    if (running.child.exitCode === null) await once(running.child, 'exit');
  }
  const handle = (): BenchStarter => ({
    pid: running.child.pid ?? 0,
    port: running.port,
    readyMs: running.readyMs,
    databaseUrl: (JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { databaseUrl: string }).databaseUrl,
    projectId,
    writeKey,
    secretKey,
    async restart() {
      await end();
      running = await launch(folder);
      return handle();
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  });
  return handle();
}

/** A connection to the starter's database as the owner of its tables, whom row-level security leaves alone. */
export async function ownerClient(starter: BenchStarter): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: starter.databaseUrl });
  await client.connect();
  await client.query('SET ROLE productgraph_owner');
  return client;
}
