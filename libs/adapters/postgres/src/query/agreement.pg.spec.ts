import { createFilledQueryEngine } from '@productgraph/adapter-memory';
import { queryEnginesAgree } from '@productgraph/testing';
import { primaryReads } from '../read-pool.ts';
import { openQueryDatabase, SETTLED } from '../testing/query-database.ts';
import { createPostgresQueryEngine } from './engine.ts';

queryEnginesAgree('memory and PostgreSQL', {
  reference: async () => createFilledQueryEngine(SETTLED),
  candidate: async () => {
    const database = await openQueryDatabase();
    return {
      engine: createPostgresQueryEngine({ reads: primaryReads(database.pools.app), settledUpTo: async () => SETTLED }),
      settledUpTo: SETTLED,
      add: (tenant) => database.add(tenant),
      close: () => database.drop(),
    };
  },
});
