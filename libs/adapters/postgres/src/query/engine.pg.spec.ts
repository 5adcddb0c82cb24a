import { queryEngineSuite } from '@productgraph/testing';
import { primaryReads } from '../read-pool.ts';
import { SETTLED, openQueryDatabase } from '../testing/query-database.ts';
import { createPostgresQueryEngine } from './engine.ts';

queryEngineSuite('PostgreSQL', async () => {
  const database = await openQueryDatabase();
  return {
    engine: createPostgresQueryEngine({ reads: primaryReads(database.pools.app), settledUpTo: async () => SETTLED }),
    settledUpTo: SETTLED,
    add: (tenant) => database.add(tenant),
    close: () => database.drop(),
  };
});
