import { sharedRatesSuite } from '@productgraph/testing';
import { createMemorySharedRates } from './shared-rates.ts';

sharedRatesSuite('memory', async () => {
  let now = 1_760_000_000_000;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  return {
    rates: createMemorySharedRates({ clock }),
    pass: async (ms) => void (now += ms),
    close: async () => undefined,
  };
});
