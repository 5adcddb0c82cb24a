import type { Clock } from '@productgraph/kernel';

/** Work that repeats for as long as the log is open. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

export interface Background {
  /** Ends the chores; resolves when none is running. */
  stop(): Promise<void>;
}

/** Runs each chore again and again, with its pause in between. A fault is told and tried again after the same pause. */
export function startBackground(
  clock: Clock,
  onFault: (work: string, error: unknown) => void,
  chores: readonly Chore[],
): Background {
  const stopping = new AbortController();
  const loops = chores.map(async ({ name, everyMs, run }) => {
    for (;;) {
      // The only way to wake up early is to be stopped.
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await run().catch((error: unknown) => onFault(name, error));
    }
  });
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}
