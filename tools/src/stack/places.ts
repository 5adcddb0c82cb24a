import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessId } from './identity.ts';
import { sweepLocks, withLock } from './lock.ts';
import { kill } from './process.ts';
import { readState, writeState, type StackState } from './state.ts';

/**
 * Folder of all stacks of this user: `$PRODUCTGRAPH_STACK_DIR` or `/var/tmp/productgraph-<uid>`. Not below the user's
 * home, which the unprivileged user of PostgreSQL may not enter, and not in `/tmp`, which a restart of the machine empties.
 * @throws when somebody else made it
 */
export function stacksFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const uid = process.getuid?.() ?? 0;
  const base = environment.PRODUCTGRAPH_STACK_DIR ?? `/var/tmp/productgraph-${uid}`;
  mkdirSync(base, { recursive: true, mode: 0o711 });
  const made = lstatSync(base);
  if (!made.isDirectory() || made.uid !== uid) throw new Error(`${base} is not a folder of this user.`);
  return base;
}

/** Runs `work` while nobody else starts or ends the stack in this folder. */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return withLock(`${folder}.lock`, work, 300_000);
}

/** Kills every process of the stack that still runs, and writes down that none does. Gives their names. */
export async function killAll(folder: string, state: StackState): Promise<readonly string[]> {
  const running = runningOf(state);
  await Promise.all(running.map(({ id }) => kill(id)));
  writeState(folder, withoutProcesses(state));
  return running.map(({ name }) => name);
}

/** Those of its processes that run. */
export function runningOf(state: StackState): readonly { readonly name: string; readonly id: ProcessId }[] {
  return state.processes.flatMap(({ name, id }) => (id && isAlive(id) ? [{ name, id }] : []));
}

/** The state once all has ended. */
export function withoutProcesses({ owner: _, ...state }: StackState): StackState {
  return { ...state, processes: state.processes.map(({ id: _id, ...launch }) => launch) };
}

/**
 * Ends what runs that crashed have left: stacks whose owner is gone. Each process is known by pid and start, never by name.
 * @returns `<stack>/<process>` of each that was ended
 */
export async function reapOrphans(base: string): Promise<readonly string[]> {
  sweepLocks(base);
  const ended: string[] = [];
  for (const entry of readdirSync(base, { withFileTypes: true })) {
    const folder = join(base, entry.name);
    if (!entry.isDirectory() || !isAbandoned(readState(folder))) continue;
    await alone(folder, async () => {
      const state = readState(folder);
      if (!state || !isAbandoned(state)) return;
      ended.push(...(await killAll(folder, state)).map((name) => `${entry.name}/${name}`));
      if (state.temporary) rmSync(folder, { recursive: true, force: true });
    });
  }
  return ended;
}

function isAbandoned(state: StackState | undefined): boolean {
  return state?.owner !== undefined && !isAlive(state.owner);
}
