import { queryEngineSuite } from '@productgraph/testing';
import { createPools } from '../pool.ts';
import { primaryReads } from '../read-pool.ts';
import { openQueryDatabase, SETTLED } from '../testing/query-database.ts';
import { testReplica } from '../testing/replica.ts';
import { createPostgresQueryEngine } from './engine.ts';

/* Every question runs on a server that takes no writes, temporary tables included. */

queryEngineSuite('PostgreSQL, on a replica', async () => {
  const replica = testReplica();
  const database = await openQueryDatabase({ serverUrl: replica.primaryUrl });
  await replica.caughtUp();
  const pools = createPools({ url: replica.urlOf(database.url) });
  return {
    engine: createPostgresQueryEngine({ reads: primaryReads(pools.app), settledUpTo: async () => SETTLED }),
    settledUpTo: SETTLED,
    add: async (tenant) => {
      await database.add(tenant);
      await replica.caughtUp();
    },
    close: async () => {
      await pools.end();
      await database.drop();
    },
  };
});
