import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, tree, type ProcessId } from './identity.ts';
import type { Launch } from './state.ts';

/** The log of a process of the stack in `folder`. */
export const logFile = (folder: string, name: string): string => join(folder, 'logs', `${name}.log`);

/**
 * Starts a process that outlives this one; what it prints goes to its log, after what is there.
 * @throws when the program cannot be run
 */
export function spawnDetached(folder: string, launch: Launch): ProcessId {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const log = openSync(logFile(folder, launch.name), 'a');
  try {
    const child = spawn(launch.command, launch.args, {
      cwd: launch.cwd,
      env: { ...launch.env },
      stdio: ['ignore', log, log],
      detached: true,
      ...launch.user,
    });
    // Without a listener an error would end this process; it is thrown below.
    child.on('error', () => undefined);
    child.unref();
    const id = child.pid === undefined ? undefined : identify(child.pid);
    if (!id) throw new Error(`${launch.name}: ${launch.command} cannot be run.`);
    return id;
  } finally {
    closeSync(log);
  }
}

/** Sends a signal to this process, and `whole`: to all that it has forked. Nothing happens when it has ended. */
export function signal(id: ProcessId, name: NodeJS.Signals, whole = false): void {
  const targets = whole ? tree(id) : isAlive(id) ? [id] : [];
  for (const { pid } of targets) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** True when this process has ended within the time. */
async function hasEnded(id: ProcessId, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (isAlive(id)) {
    if (performance.now() > until) return false;
    await sleep(15);
  }
  return true;
}

/** Ends a process and all that it has forked, at once. */
export async function kill(id: ProcessId): Promise<void> {
  await killEach(tree(id));
}

/** Asks a process to end, and kills it when it has not after its time; what it has forked and left goes too. */
export async function stop(id: ProcessId, { stopSignal = 'SIGTERM', stopWithinMs = 10_000 }: Launch): Promise<void> {
  const all = tree(id);
  // A stopped process takes no signal.
  signal(id, 'SIGCONT', true);
  signal(id, stopSignal);
  await hasEnded(id, stopWithinMs);
  await killEach(all.filter(isAlive));
}

async function killEach(ids: readonly ProcessId[]): Promise<void> {
  for (const one of ids) signal(one, 'SIGKILL');
  for (const one of ids) {
    if (!(await hasEnded(one, 10_000))) throw new Error(`Process ${one.pid} does not end.`);
  }
}

/** The last lines of a log, at most 64 KiB; empty where there is none. */
export function logTail(folder: string, name: string, lines: number): string {
  let log: number;
  try {
    log = openSync(logFile(folder, name), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = fstatSync(log);
    const buffer = Buffer.alloc(Math.min(size, 65_536));
    readSync(log, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(log);
  }
}
