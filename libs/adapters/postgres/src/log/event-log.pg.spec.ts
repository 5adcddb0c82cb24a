import { eventLogSuite, systemClock } from '@productgraph/testing';
import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { emptyLogAndState, openLogs } from '../testing/log-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

eventLogSuite('PostgreSQL', async () => {
  await emptyLogAndState(database.pools);
  return openLogs(database.url, systemClock);
});
