import { settlementProgressSuite } from '@productgraph/testing';
import { createTestDatabase } from '../testing/database.ts';
import { createPostgresSettlementProgress } from './settlement-progress.ts';

settlementProgressSuite('PostgreSQL', async () => {
  const database = await createTestDatabase();
  return { progress: createPostgresSettlementProgress(database.pools), close: () => database.drop() };
});
