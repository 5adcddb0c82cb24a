import { eventLogSuite, systemClock } from '@productgraph/testing';
import { createMemoryLog } from './log.ts';

eventLogSuite('memory', async () => {
  const log = createMemoryLog({ clock: systemClock, dedupeWindow: 1000 });
  return { log, other: log, trim: async () => log.trim(), close: async () => undefined };
});
