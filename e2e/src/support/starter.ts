import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FLAGS = JSON.parse(readFileSync(join(ROOT, 'apps/starter/assets/node-flags.json'), 'utf8')) as string[];
const NODE = join(ROOT, 'node_modules/.bin/node');

/** A new folder that the unprivileged user of the embedded PostgreSQL can pass through; removed by `remove`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'productgraph-e2e-'));
  chmodSync(path, 0o755);
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A finished process: what it printed and how it ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function collect(child: ChildProcess): { stdout: () => string; stderr: () => string } {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return { stdout: () => stdout, stderr: () => stderr };
}

function launch(app: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  // Only what a fresh shell has: nothing of the test run's own settings may reach the product.
  const { PATH = '', HOME = '', LANG = '' } = process.env;
  return spawn(NODE, [...FLAGS, join(ROOT, 'dist', app, 'main.js'), ...args], {
    cwd: ROOT,
    env: { PATH, HOME, LANG, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs `productgraph <args>` to its end. */
export async function productgraph(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Finished> {
  const child = launch('cli', args, env);
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: output.stdout(), stderr: output.stderr() };
}

/** Runs the starter until it ends by itself (a refused start), at most `ms`. */
export async function startRefused(env: Readonly<Record<string, string>>, ms = 60_000): Promise<Finished> {
  const child = launch('starter', [], env);
  const output = collect(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, stdout: output.stdout(), stderr: output.stderr() };
}

/** A running starter. */
export interface Starter {
  readonly url: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  /** What it has printed so far. */
  output(): string;
  /** SIGTERM, and waits for its end; answers the exit code. */
  stop(): Promise<number | null>;
  /** kill -9 of the Node process. */
  kill(): Promise<void>;
}

/** Starts the starter and waits until `/ready` says so. */
export async function startStarter(env: Readonly<Record<string, string>>, readyMs = 120_000): Promise<Starter> {
  const port = env.PORT ?? String(await freePort());
  const full = { ...env, PORT: port, HOST: '127.0.0.1' };
  const child = launch('starter', [], full);
  const output = collect(child);
  const url = `http://127.0.0.1:${port}`;
  const ended = once(child, 'close');
  const all = (): string => output.stdout() + output.stderr();
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`The starter ended with ${String(child.exitCode)}:\n${all()}`);
    return isReady(url);
  }, readyMs).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`The starter was not ready:\n${all()}`, { cause: error });
  });
  return {
    url,
    pid: child.pid ?? 0,
    env: full,
    output: all,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    // Not listening yet: the caller asks again until its time is up, then shows the output.
    return false;
  }
}

/** Asks every 50 ms until the answer is true; throws when `ms` are over. */
export async function waitFor(
  condition: () => Promise<boolean> | boolean,
  ms: number,
  what = 'condition',
): Promise<void> {
  const until = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error(`${what}: not within ${String(ms)} ms`);
    await sleep(50);
  }
}

/** Keys of a new project, made by the command line. */
export interface ProjectKeys {
  readonly projectId: string;
  readonly write: string;
  readonly secret: string;
  readonly token: string;
}
