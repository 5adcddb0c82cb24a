import { createFilledQueryEngine } from '@productgraph/adapter-memory';
import { queryEnginesAgree } from '@productgraph/testing';
import { openQueryDatabase, SETTLED } from '../testing/query-database.ts';
import { createClickHouseQueryEngine } from './engine.ts';

/** Projects: a question takes longer to plan here than to answer, and every run of the tests asks others. */
const RUNS = 8;

const engines: Parameters<typeof queryEnginesAgree>[1] = {
  reference: async () => createFilledQueryEngine(SETTLED),
  candidate: async () => {
    const database = await openQueryDatabase({ spread: true, copies: 2 });
    return {
      engine: createClickHouseQueryEngine({ clickhouse: database.all, settledUpTo: async () => SETTLED }),
      settledUpTo: SETTLED,
      add: (tenant) => database.add(tenant),
      close: () => database.close(),
    };
  },
};

queryEnginesAgree('memory and ClickHouse', engines, RUNS);
