import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainOutput } from './faults.ts';
import type { Identity } from './identity.ts';

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly libraries: string;
  readonly port: number;
  /** The folder to name in messages. */
  readonly folder: string;
  readonly data: string;
  readonly identity: Identity;
  readonly onLog: (line: string) => void;
}

export interface RunningServer {
  readonly port: number;
  pid(): number;
  stop(): Promise<void>;
}

/** Crash recovery reads at most max_wal_size (2 GB) of log; on a slow disk that takes minutes. */
const READY_WITHIN_MS = 300_000;
const RESTART_DELAY_MS = 500;
const MEMORY_STILL_HELD = 'pre-existing shared memory block';

/** Starts the server, waits until it takes connections, and starts it again whenever it ends unasked. */
export async function runServer(command: ServerCommand): Promise<RunningServer> {
  let stopping = false;
  let child = await launch(command);
  const onExit = (): void => void child.kill('SIGINT');
  // An ordinary end of our process without stop(): tell the server to shut down; it finishes on its own.
  process.once('exit', onExit);

  // Asked through a function: it changes while we wait.
  const isStopping = (): boolean => stopping;

  async function supervise(): Promise<void> {
    for (;;) {
      if (isRunning(child)) await once(child, 'exit');
      if (isStopping()) return;
      command.onLog(`PostgreSQL ended unasked (${child.signalCode ?? child.exitCode ?? 'unknown'}); starting it again`);
      await sleep(RESTART_DELAY_MS);
      await launch(command).then(
        (next) => (child = next),
        (error: unknown) => command.onLog(`PostgreSQL could not be started again: ${String(error)}`),
      );
    }
  }

  const supervised = supervise();
  return {
    port: command.port,
    pid: () => child.pid ?? 0,
    stop: async () => {
      if (stopping) return supervised;
      stopping = true;
      process.removeListener('exit', onExit);
      child.kill('SIGINT');
      await supervised;
      // Started again while we were asked to stop.
      if (!isRunning(child)) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function launch(command: ServerCommand): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    const child = spawn(command.program, command.args, {
      cwd: command.data,
      env: { LD_LIBRARY_PATH: command.libraries, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A session of its own: Ctrl-C in a terminal goes to the whole group, and the server must outlive our draining.
      detached: true,
      ...command.identity,
    });
    const output = await startedOrOutput(child, command.onLog);
    if (output === null) return child;
    // Children of a server that was killed take a moment to notice and to let go of its memory.
    if (!output.includes(MEMORY_STILL_HELD) || attempt >= 40) throw explainOutput(output, command);
    await sleep(250);
  }
}

/** Null once the server takes connections; what it said when it ended or was too late. */
async function startedOrOutput(child: ChildProcess, onLog: (line: string) => void): Promise<string | null> {
  const lines: string[] = [];
  const done = new AbortController();
  const ready = new Promise<null>((resolve) => {
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (done.signal.aborted) onLog(line);
      else lines.push(line);
      if (line.includes('database system is ready to accept connections')) resolve(null);
    });
  });
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`FATAL: ${error.message}`));
    // `close` comes after the last output, `exit` may come before it.
    child.once('close', () => resolve(lines.join('\n')));
  });
  const late = sleep(READY_WITHIN_MS, undefined, { signal: done.signal, ref: false }).then(
    () => `FATAL: not ready within ${READY_WITHIN_MS / 1000} s`,
    () => '',
  );
  const result = await Promise.race([ready, failed, late]);
  done.abort();
  if (result !== null) child.kill('SIGQUIT');
  return result;
}
