import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { everything, isAlive, tree } from './identity.ts';
import { withLock } from './lock.ts';
import { alone, killAll, withoutProcesses } from './places.ts';
import { kill, signal, stop } from './process.ts';
import { until } from './ready.ts';
import { start } from './run.ts';
import {
  readState,
  withProcess,
  writeState,
  type Kind,
  type ProcessState,
  type Settings,
  type StackState,
} from './state.ts';

/** What runs of a stack, at the moment of asking. */
export interface ProcessStatus {
  readonly name: string;
  readonly kind: Kind;
  readonly state: 'running' | 'paused' | 'down';
  readonly pid?: number;
  readonly port?: number;
  /** Memory in RAM with all forked processes, in KiB; what they share counts once for each. */
  readonly residentKb: number;
}

/**
 * A stack that was started, by this process or another: everything is in its folder. Its verbs are also the faults of the
 * tests; each names a process (`kafka-2`, `redis-1`, `postgres-replica`, …).
 */
export class Stack {
  readonly folder: string;

  /** @throws when there is no stack in this folder */
  constructor(folder: string) {
    this.folder = folder;
    this.state();
  }

  /** Variables that say where the servers are: `KAFKA_BROKERS`, `CLICKHOUSE_URLS`, … */
  get settings(): Settings {
    return this.state().settings;
  }

  /** Ports by name: that of a process has the name of the process. */
  get ports(): Readonly<Record<string, number>> {
    return this.state().ports;
  }

  /** The state file as it is now. */
  state(): StackState {
    const state = readState(this.folder);
    if (!state) throw new Error(`There is no stack in ${this.folder}.`);
    return state;
  }

  status(): readonly ProcessStatus[] {
    const { processes, ports } = this.state();
    const all = everything();
    return processes.map(({ name, kind, id }) => {
      const seen = id ? tree(id, all) : [];
      const port = ports[name];
      return {
        name,
        kind,
        state: seen[0] ? (seen[0].stopped ? 'paused' : 'running') : 'down',
        ...(seen[0] && { pid: seen[0].pid }),
        ...(port !== undefined && { port }),
        residentKb: seen.reduce((sum, { residentKb }) => sum + residentKb, 0),
      };
    });
  }

  /** SIGKILL to the process and all that it has forked, as when its machine is gone; resolves when it has ended. */
  async kill(name: string): Promise<void> {
    const { id } = this.requireProcess(name);
    if (id) await kill(id);
  }

  /** Graceful stop; after its time SIGKILL. */
  async stop(name: string): Promise<void> {
    const process = this.requireProcess(name);
    if (process.id) await stop(process.id, process);
  }

  /** Starts a process that has ended, with the same data and ports; resolves when it serves. */
  async start(name: string): Promise<void> {
    const { id, ...launch } = this.requireProcess(name);
    if (id && isAlive(id)) return;
    await start(this.folder, launch, (spawn) =>
      // Another test or a command may start another process of the stack at this moment.
      withLock(join(this.folder, 'state.lock'), () => {
        const now = spawn();
        writeState(this.folder, withProcess(this.state(), { ...launch, id: now }));
        return now;
      }),
    );
  }

  /** Graceful stop and start. */
  async restart(name: string): Promise<void> {
    await this.stop(name);
    await this.start(name);
  }

  /** The process stands still: it keeps its connections and answers nothing. Resolves when it does. */
  async pause(name: string): Promise<void> {
    const { id } = this.requireProcess(name);
    if (!id) return;
    signal(id, 'SIGSTOP', true);
    await until(`${name} that stands still`, async () => tree(id).every(({ stopped }) => stopped), 10_000);
  }

  /** Goes on after `pause`. */
  resume(name: string): void {
    const { id } = this.requireProcess(name);
    if (id) signal(id, 'SIGCONT', true);
  }

  /** Ends every process; removes the folder with data and logs unless they are to be kept. */
  async down({ keep = false }: { readonly keep?: boolean } = {}): Promise<void> {
    await alone(this.folder, async () => {
      const state = this.state();
      if (!keep) {
        await killAll(this.folder, state);
        rmSync(this.folder, { recursive: true, force: true });
        return;
      }
      const isApp = ({ kind }: ProcessState): boolean => kind === 'app';
      await stopAll(state.processes.filter(isApp));
      await stopAll(state.processes.filter((process) => !isApp(process)));
      writeState(this.folder, withoutProcesses(state));
    });
  }

  /** @throws when the stack has no process of this name, with those that it has */
  requireProcess(name: string): ProcessState {
    const { processes } = this.state();
    const found = processes.find((process) => process.name === name);
    if (found) return found;
    throw new Error(`The stack has no ${name}, but ${processes.map((process) => process.name).join(', ')}.`);
  }
}

async function stopAll(processes: readonly ProcessState[]): Promise<void> {
  await Promise.all(processes.map(async (process) => process.id && stop(process.id, process)));
}
