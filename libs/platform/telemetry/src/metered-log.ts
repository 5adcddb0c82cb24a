import type { Clock, EventLog } from '@productgraph/kernel';
import type { LogFacts } from './catalogue/log.ts';

/** Decorator: tells of every append how much it was and how long it took until it was durable. */
export function meteredLog<L extends EventLog>(log: L, facts: LogFacts, clock: Pick<Clock, 'now'>): L {
  return {
    ...log,
    async append(appends) {
      const began = clock.now();
      const offsets = await log.append(appends).catch((error: unknown) => {
        facts.appendFailed();
        throw error;
      });
      const seconds = (clock.now() - began) / 1000;
      for (const { topic, records } of appends) {
        const bytes = records.reduce((sum, { payload }) => sum + payload.length, 0);
        facts.appended({ topic, records: records.length, bytes, seconds });
      }
      return offsets;
    },
  };
}
