import { systemClock, tenantStoreSuite } from '@productgraph/testing';
import { createTestDatabase } from '../testing/database.ts';
import {
  createPostgresKeyDirectory,
  createPostgresProjectDirectory,
  createPostgresTenantOverview,
} from './directories.ts';
import { openPostgresTenantStore } from './tenant-store.ts';

tenantStoreSuite('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const { app, writer } = database.pools;
  const store = await openPostgresTenantStore({ url: database.url, clock: systemClock });
  return {
    store,
    keys: createPostgresKeyDirectory(app),
    projects: createPostgresProjectDirectory(writer),
    overview: createPostgresTenantOverview(writer),
    close: async () => {
      await store.end();
      await database.drop();
    },
  };
});
