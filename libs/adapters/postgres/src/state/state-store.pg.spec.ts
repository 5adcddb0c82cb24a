import { stateStoreSuite } from '@productgraph/testing';
import { createTestDatabase } from '../testing/database.ts';
import { createPostgresStateStore } from './state-store.ts';

stateStoreSuite('PostgreSQL', async () => {
  const database = await createTestDatabase();
  return { store: createPostgresStateStore(database.pools), close: () => database.drop() };
});
