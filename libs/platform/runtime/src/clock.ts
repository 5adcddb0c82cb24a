import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@productgraph/kernel';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal === undefined ? undefined : { signal });
    } catch (error) {
      // The timer rejects with an AbortError around the reason; callers want the reason itself.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
