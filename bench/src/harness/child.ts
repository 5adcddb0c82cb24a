import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server under measurement: a process of its own that prints `{"port":n}` as its first line when it listens. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a script of `bench/src/servers` with its arguments, pinned to core 0. */
export async function startServer(
  name: string,
  [file, ...args]: readonly [string, ...string[]],
): Promise<ServerProcess> {
  const script = fileURLToPath(new URL(`../servers/${file}`, import.meta.url));
  const child = spawn('taskset', ['-c', '0', process.execPath, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await firstLine(child, name);
  return {
    name,
    pid: child.pid ?? 0,
    port,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function firstLine(child: ChildProcess, name: string): Promise<number> {
  if (child.stdout === null) throw new Error('stdout is not piped');
  for await (const line of createInterface({ input: child.stdout })) {
    return (JSON.parse(line) as { port: number }).port;
  }
  throw new Error(`${name} ended before it listened`);
}

/** Pins this process (the load generator) to a core, so that it does not take the server's. */
export function pinSelf(core: number): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn('taskset', ['-apc', String(core), String(process.pid)], { stdio: 'ignore' })
      .on('error', reject)
      .on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`taskset ended with ${String(code)}`));
      });
  });
}
