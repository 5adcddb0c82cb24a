import { queryEngineSuite } from '@productgraph/testing';
import { SETTLED, openQueryDatabase } from '../testing/query-database.ts';
import { createPostgresQueryEngine } from './engine.ts';

queryEngineSuite('PostgreSQL', async () => {
  const database = await openQueryDatabase();
  return {
    engine: createPostgresQueryEngine({ pool: database.pools.app, settledUpTo: async () => SETTLED }),
    settledUpTo: SETTLED,
    add: (tenant) => database.add(tenant),
    close: () => database.drop(),
  };
});
