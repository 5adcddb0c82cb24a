import { stateStoreSuite } from '@productgraph/testing';
import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { emptyLogAndState } from '../testing/log-fixture.ts';
import { createPostgresStateStore } from './state-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

stateStoreSuite('PostgreSQL', async () => {
  await emptyLogAndState(database.pools);
  return { store: createPostgresStateStore(database.pools), close: async () => undefined };
});
