import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessId } from './identity.ts';
import { spawnDetached } from './process.ts';
import type { Plan, ServerName } from './profiles.ts';
import { waitReady } from './ready.ts';
import { withProcess, writeState, type Launch, type Settings, type StackState } from './state.ts';

/** What a kind of server gets to start with. */
export interface Run {
  /** Folder of the stack; everything in it can be reached by the unprivileged user that PostgreSQL needs. */
  readonly folder: string;
  /** The port of this name. */
  readonly port: (name: string) => number;
  /** Progress for the person who waits. */
  readonly say: (text: string) => void;
  /** Starts the process and writes it down in the same moment; resolves when it serves. */
  readonly launch: (launch: Launch) => Promise<void>;
}

/** One kind of server, with its part of the plan. */
export interface ServerKind<P> {
  /** Names of the ports it needs. The first of a process is called like the process. */
  readonly ports: (plan: P) => readonly string[];
  /** Downloads and builds what is not in the cache. @throws with a sentence when the machine lacks a program for it */
  readonly install: (say: (text: string) => void) => Promise<unknown>;
  /** Starts its processes in the stack's folder, on the data that are there; gives the variables that say where they are. */
  readonly start: (run: Run, plan: P) => Promise<Settings>;
}

/** The server kinds by name. */
export type ServerKinds = { readonly [K in ServerName]: ServerKind<Required<Plan>[K]> };

/** A folder of the stack, made when it is not there. */
export function subfolder(folder: string, ...path: readonly string[]): string {
  const sub = join(folder, ...path);
  mkdirSync(sub, { recursive: true, mode: 0o711 });
  return sub;
}

/** The state of a stack while it starts: in memory, and on disk after each change. */
export class StartingState {
  #state: StackState;
  readonly #folder: string;

  constructor(folder: string, state: StackState) {
    this.#folder = folder;
    this.#state = state;
    writeState(folder, state);
  }

  get current(): StackState {
    return this.#state;
  }

  change(part: Partial<StackState>): void {
    this.#state = { ...this.#state, ...part };
    writeState(this.#folder, this.#state);
  }

  /** All is up. Unless the stack is a test's, it outlives this process from here on. */
  complete(): void {
    const { owner, ...state } = this.#state;
    this.#state = { ...state, ...(owner && state.temporary && { owner }), complete: true };
    writeState(this.#folder, this.#state);
  }

  /** Starts a process and waits for it. */
  async launch(launch: Launch): Promise<void> {
    await start(this.#folder, launch, async (spawn) => {
      const id = spawn();
      this.change(withProcess(this.#state, { ...launch, id }));
      return id;
    });
  }
}

/** Spawns the process and writes it down in the same moment: a crash of this process leaves no unknown one. */
export type Recorder = (spawn: () => ProcessId) => Promise<ProcessId>;

/**
 * Starts a process and waits until it serves.
 * @throws when it does not, with the end of its log
 */
export async function start(folder: string, launch: Launch, record: Recorder): Promise<void> {
  for (let left = launch.tries ?? 1; ; left--) {
    const id = await record(() => spawnDetached(folder, launch));
    try {
      await waitReady(folder, launch, id);
      return;
    } catch (error) {
      if (left <= 1 || isAlive(id)) throw error;
      await sleep(300);
    }
  }
}
