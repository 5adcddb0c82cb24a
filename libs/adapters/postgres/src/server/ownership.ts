import { readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './faults.ts';

/** A server that was left behind gets this long for a clean shutdown before it is told to drop everything. */
const SHUTDOWN_MS = 20_000;

/** True while a process of that id runs (also when it belongs to another user). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start time of a process in clock ticks since boot: tells a process from a later one of the same id. '' where unknown. */
export function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/**
 * Takes the folder for this process.
 * @returns releases it
 * @throws EmbeddedPostgresError when another live process of ours holds it
 */
export function claimFolder(folder: string): () => void {
  const file = join(folder, 'owner');
  const mine = `${process.pid} ${startTimeOf(process.pid)}`;
  const [pid = '', started = ''] = (readIfThere(file) ?? '').split(' ');
  const other = Number(pid);
  if (other > 0 && `${pid} ${started}` !== mine && isAlive(other) && startTimeOf(other) === started) {
    throw new EmbeddedPostgresError(
      `The data folder ${folder} is in use by process ${pid}: stop it or choose another DATA_DIR.`,
    );
  }
  writeFileSync(file, mine, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/**
 * Ends a server that outlived its parent (kill -9 of our process leaves PostgreSQL running), so that the new one starts
 * on consistent data with its own settings and output. Fast shutdown first; after 20 s an immediate one, which
 * PostgreSQL recovers from its write-ahead log like from a power cut.
 */
export async function endOrphan(dataFolder: string, onLog: (line: string) => void): Promise<void> {
  const file = join(dataFolder, 'postmaster.pid');
  const lines = readIfThere(file)?.split('\n');
  const pid = Number(lines?.[0]);
  if (lines === undefined || !(pid > 0) || !isAlive(pid)) return;
  if (!isServerOf(pid, dataFolder)) {
    disown(file, lines);
    return;
  }
  onLog(`Ending PostgreSQL process ${pid}, left behind by an earlier run`);
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    process.kill(pid, signal);
    if (await gone(pid, SHUTDOWN_MS)) return;
  }
  throw new EmbeddedPostgresError(`PostgreSQL process ${pid} holds ${dataFolder} and cannot be ended: end it by hand.`);
}

function isServerOf(pid: number, dataFolder: string): boolean {
  try {
    return realpathSync(readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(dataFolder);
  } catch {
    // Another user's process, or a system without /proc: let PostgreSQL judge its own lock file.
    return false;
  }
}

/**
 * The id in the lock file was given to an unrelated process (usual after a container restart), which PostgreSQL would
 * take for a running server. Only the id is replaced, by one that nobody has: the rest lets PostgreSQL see for itself
 * whether children of the old server still hold its shared memory.
 */
function disown(file: string, lines: readonly string[]): void {
  if (startTimeOf(process.pid) === '') return;
  let free = 4_194_303;
  while (isAlive(free)) free--;
  writeFileSync(file, [String(free), ...lines.slice(1)].join('\n'));
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 50) {
    if (!isAlive(pid) || isZombie(pid)) return true;
    await sleep(50);
  }
  return false;
}

/** In a container nobody may reap orphans: a dead one stays in the process table. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
