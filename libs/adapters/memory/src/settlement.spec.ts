import { settlementProgressSuite } from '@productgraph/testing';
import { createMemorySettlementProgress } from './settlement.ts';

settlementProgressSuite('memory', async () => ({
  progress: createMemorySettlementProgress(),
  close: async () => undefined,
}));
