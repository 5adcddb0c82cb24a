import { systemClock, tenantStoreSuite } from '@productgraph/testing';
import { afterAll } from 'vitest';
import { primaryReads } from '../read-pool.ts';
import { sharedDatabase } from '../testing/shared-database.ts';
import {
  createPostgresKeyDirectory,
  createPostgresProjectDirectory,
  createPostgresTenantOverview,
} from './directories.ts';
import { openPostgresTenantStore } from './tenant-store.ts';

const shared = sharedDatabase();
afterAll(() => shared.drop());

tenantStoreSuite('PostgreSQL', async () => {
  const { url, pools } = await shared.open();
  const store = await openPostgresTenantStore({ url, clock: systemClock });
  return {
    store,
    keys: createPostgresKeyDirectory(primaryReads(pools.app)),
    projects: createPostgresProjectDirectory(pools.writer),
    overview: createPostgresTenantOverview(primaryReads(pools.app)),
    close: async () => {
      await store.end();
      await shared.empty();
    },
  };
});
