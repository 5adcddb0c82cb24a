import type { Clock } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { repeated } from './repeat.ts';

/** A clock whose sleeps end when the test says so. */
function steppedClock() {
  const sleeping: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) reject(signal.reason as Error);
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        sleeping.push(resolve);
      }),
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    settle,
    step: async () => {
      sleeping.shift()?.();
      await settle();
    },
  };
}

function facts() {
  const told: string[] = [];
  return {
    told,
    facts: {
      jobDone: ({ job }: { job: string }) => void told.push(`${job} done`),
      jobFailed: ({ job, error }: { job: string; error: unknown }) => void told.push(`${job}: ${String(error)}`),
    },
  };
}

describe('repeated', () => {
  it('runs at once, then after each pause, whatever a run comes to', async () => {
    const { clock, settle, step } = steppedClock();
    const { told, facts: given } = facts();
    let run = 0;
    const job = repeated(
      {
        name: 'trim',
        everyMs: 1_000,
        run: () => (++run === 2 ? Promise.reject(new Error('away')) : Promise.resolve()),
      },
      { clock, facts: given },
    );
    await job.start?.();
    await settle();
    await step();
    await step();
    expect(told).toEqual(['trim done', 'trim: Error: away', 'trim done']);
    await job.stop?.();
    await step();
    expect(run).toBe(3);
  });

  it('stops a run in hand by its signal and waits for it, and tells no failure for that', async () => {
    const { clock } = steppedClock();
    const { told, facts: given } = facts();
    let ended = false;
    const run = (signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended = true;
          reject(signal.reason as Error);
        });
      });
    const job = repeated({ name: 'settle', everyMs: 1, run }, { clock, facts: given });
    await job.start?.();
    const stopped = job.stop?.();
    await stopped;
    expect([ended, told]).toEqual([true, []]);
  });
});
