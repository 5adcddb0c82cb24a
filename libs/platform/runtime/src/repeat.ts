import type { Clock, Component } from '@productgraph/kernel';
import type { RuntimeFacts } from './ports.ts';

export interface RepeatedJob {
  readonly name: string;
  /** Milliseconds from the end of one run to the next. */
  readonly everyMs: number;
  /** Aborted when the process stops. */
  run(signal: AbortSignal): Promise<unknown>;
}

/** A job that runs at once and then again and again; a failed run is told and the next one comes at its time. */
export function repeated(
  job: RepeatedJob,
  { clock, facts }: { clock: Clock; facts: Pick<RuntimeFacts, 'jobDone' | 'jobFailed'> },
): Component {
  const ending = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const runOnce = async (): Promise<void> => {
    const began = clock.now();
    try {
      await job.run(ending.signal);
      facts.jobDone({ job: job.name, seconds: (clock.now() - began) / 1000 });
    } catch (error) {
      if (!ending.signal.aborted) facts.jobFailed({ job: job.name, error });
    }
  };
  /** False once the process stops: the pause is cut short then. */
  const pause = async (): Promise<boolean> => {
    await clock.sleep(job.everyMs, ending.signal).catch(() => undefined);
    return !ending.signal.aborted;
  };
  const loopUntilStopped = async (): Promise<void> => {
    do await runOnce();
    while (await pause());
  };
  return {
    name: `job ${job.name}`,
    start: () => {
      loop = loopUntilStopped();
      return Promise.resolve();
    },
    stop: () => {
      ending.abort(new Error('The process stops'));
      return loop;
    },
  };
}
