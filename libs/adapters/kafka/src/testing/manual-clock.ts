import type { Clock } from '@productgraph/kernel';

/** Time that passes when the test says so. */
export interface ManualClock extends Clock {
  /** Lets so much time pass, waking sleepers in order, and what they do run. */
  pass(ms: number): Promise<void>;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

export function manualClock(start = 1_000_000): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        });
      }),
    pass: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const [first] = [...sleepers].sort((a, b) => a.at - b.at);
        if (first === undefined || first.at > end) break;
        now = Math.max(now, first.at);
        sleepers.delete(first);
        first.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
