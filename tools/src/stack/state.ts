import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessId } from './identity.ts';

/** Kinds of server; `app` is a process that the caller adds. */
export type Kind = 'kafka' | 'clickhouse' | 'redis' | 'postgres' | 's3' | 'app';

/** How to see that a process serves. Plain data, so that another process can start it again. */
export type Check =
  | { readonly by: 'kafka'; readonly port: number; readonly node: number }
  | { readonly by: 'http'; readonly url: string }
  /** Answers 200: what answers 503 is there and not ready. */
  | { readonly by: 'ready'; readonly url: string }
  | { readonly by: 'redis'; readonly port: number }
  | { readonly by: 'postgres'; readonly url: string };

/** All that is needed to start a process, now and again after it died. */
export interface Launch {
  /** Unique in the stack, for example `kafka-2`; the log is `logs/<name>.log`. */
  readonly name: string;
  readonly kind: Kind;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Unprivileged user that it runs as; that of the caller where absent. */
  readonly user?: { readonly uid?: number; readonly gid?: number };
  /** Signal of a graceful stop, SIGTERM where absent. */
  readonly stopSignal?: NodeJS.Signals;
  /** After the signal: SIGKILL after this time. Default 10,000. */
  readonly stopWithinMs?: number;
  readonly ready: Check;
  /** How often it is started when it ends before it is ready. Default 1. */
  readonly tries?: number;
  /** Time in which it must be ready. Default 60,000. */
  readonly readyWithinMs?: number;
}

/** A process of the stack; without `id` it is not running. */
export interface ProcessState extends Launch {
  readonly id?: ProcessId;
}

/** Variables that say where the servers are, for example `KAFKA_BROKERS`. */
export type Settings = Readonly<Record<string, string>>;

/** The state file of a stack. */
export interface StackState {
  readonly version: 1;
  readonly name: string;
  /** Fingerprint of the plan: data are kept for the same plan only. */
  readonly plan: string;
  /** Process whose end is the end of the stack: the one that starts it, then, in tests, the test run. */
  readonly owner?: ProcessId;
  /** The folder goes when the stack ends. */
  readonly temporary: boolean;
  /** It was up once: its data are whole. */
  readonly complete: boolean;
  readonly ports: Readonly<Record<string, number>>;
  readonly settings: Settings;
  /** Kinds whose servers are the person's own. */
  readonly external: readonly Kind[];
  readonly processes: readonly ProcessState[];
}

const fileOf = (folder: string): string => join(folder, 'state.json');

/** The state of the stack in this folder; undefined where there is none. */
export function readState(folder: string): StackState | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(folder), 'utf8')) as StackState;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Replaces the state in one step: a reader sees the old one or the new one. Synchronous, so that a spawn is on disk at once. */
export function writeState(folder: string, state: StackState): void {
  const fresh = `${fileOf(folder)}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, fileOf(folder));
}

/** The state with another process of this name, added where there was none. */
export function withProcess(state: StackState, changed: ProcessState): StackState {
  const known = state.processes.some(({ name }) => name === changed.name);
  const processes = known
    ? state.processes.map((process) => (process.name === changed.name ? changed : process))
    : [...state.processes, changed];
  return { ...state, processes };
}
