import { eventLogSuite, systemClock } from '@productgraph/testing';
import { createTestDatabase } from '../testing/database.ts';
import { openLogs } from '../testing/log-fixture.ts';

eventLogSuite('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const logs = await openLogs(database.url, systemClock);
  return {
    ...logs,
    close: async () => {
      await logs.close();
      await database.drop();
    },
  };
});
