import type { Clock } from '@productgraph/kernel';

/** Time stands still until it is advanced; sleepers wake when it passes them. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(start: number): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    advance(ms) {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.at <= now) sleeper.wake();
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const sleeper = {
          at: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        });
      });
    },
  };
}
