import type { Lifecycle } from '@productgraph/kernel';
import { explainFault, type Explain } from './fault.ts';

/** A process that has been put together but not started. */
export interface Startable {
  readonly lifecycle: Lifecycle;
  /** Greatest time for stopping, milliseconds. */
  readonly stopTimeoutMs: number;
  /** Called once all components are up; a rejection stops the process. */
  run?(signal: AbortSignal): Promise<void>;
  /** Aborted, with the reason, when the process finds that it cannot go on: it stops then, with exit code 1. */
  readonly broken?: AbortSignal;
  onStopping?(reason: string): void;
  onUnexpected?(error: unknown, where: string): void;
}

export interface ProcessOptions<C> {
  /** What `--help` prints. */
  readonly usage: string;
  /** Reads the configuration; `warnings` are told but do not stop. */
  readonly load: () => { readonly config: C; readonly warnings: readonly string[] };
  readonly build: (config: C, warnings: readonly string[]) => Startable | Promise<Startable>;
  /** Sentences for faults of configuration and adapters. */
  readonly explain?: Explain;
  /** The world outside; tests pass their own. */
  readonly host?: ProcessHost;
}

/** Exit codes by signal: 128 + its number, as shells expect. */
const SIGNALS = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 } as const;
const ACCIDENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** What {@link runProcess} needs of Node's process. */
export interface ProcessHost {
  readonly argv: readonly string[];
  on(event: keyof typeof SIGNALS | (typeof ACCIDENTS)[number], listener: (cause: unknown) => void): unknown;
  exit(code: number): void;
  print(text: string): void;
  printError(text: string): void;
}

/**
 * The whole life of a process: configuration (`--check-config` only checks, `--help` explains), start, signals, stop.
 * Exit codes: 0 after a stop that was asked for, 1 for a wrong configuration, a failed start or an error that nothing
 * handled, 128 + n when a second signal n ends it at once.
 */
export async function runProcess<C>(options: ProcessOptions<C>): Promise<void> {
  const host = options.host ?? nodeHost;
  const explain: Explain = (error) => options.explain?.(error) ?? explainFault(error);
  const fail = (error: unknown): void => {
    host.printError(explain(error) ?? stackOf(error));
    host.exit(1);
  };
  if (host.argv.includes('--help')) {
    host.print(options.usage);
    host.exit(0);
    return;
  }
  try {
    const { config, warnings } = options.load();
    if (host.argv.includes('--check-config')) checked(host, warnings);
    else await live(await options.build(config, warnings), host, fail);
  } catch (error) {
    fail(error);
  }
}

function checked(host: ProcessHost, warnings: readonly string[]): void {
  for (const warning of warnings) host.printError(warning);
  host.print('The configuration is valid.');
  host.exit(0);
}

/** Starts, and ends when asked to or when something breaks. Resolves at the end of the start-up. */
async function live(app: Startable, host: ProcessHost, fail: (error: unknown) => void): Promise<void> {
  const ending = new AbortController();
  let exitCode = 0;
  const stop = async (reason: string): Promise<void> => {
    if (ending.signal.aborted) return;
    ending.abort(new Error(reason));
    app.onStopping?.(reason);
    const timer = setTimeout(() => {
      host.printError(`Stopping took more than ${app.stopTimeoutMs} ms; ending now.`);
      host.exit(1);
    }, app.stopTimeoutMs);
    await app.lifecycle.stop().catch(() => (exitCode = 1));
    clearTimeout(timer);
    host.exit(exitCode);
  };
  for (const [signal, code] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]) {
    host.on(signal, () => {
      if (ending.signal.aborted) host.exit(code);
      else void stop(signal);
    });
  }
  app.broken?.addEventListener('abort', () => {
    exitCode = 1;
    host.printError(String(app.broken?.reason));
    void stop('broken');
  });
  for (const event of ACCIDENTS) {
    host.on(event, (error) => {
      // What the process holds in memory may be wrong now; what is acknowledged is in the log.
      exitCode = 1;
      app.onUnexpected?.(error, event);
      void stop(event);
    });
  }
  try {
    await app.lifecycle.start();
    if (!ending.signal.aborted) await app.run?.(ending.signal);
  } catch (error) {
    if (ending.signal.aborted) return;
    ending.abort(error);
    await app.lifecycle.stop().catch((stopError: unknown) => app.onUnexpected?.(stopError, 'stop'));
    fail(error);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const nodeHost: ProcessHost = {
  argv: process.argv.slice(2),
  on: (event: string, listener: (cause: unknown) => void) => process.on(event, listener),
  exit: (code) => process.exit(code),
  print: (text) => void process.stdout.write(`${text}\n`),
  printError: (text) => void process.stderr.write(`${text}\n`),
};
