import { eventStoreSuite, systemClock } from '@productgraph/testing';
import { createPostgresLedgerStore } from '../ledger/ledger-store.ts';
import { openPostgresTenantStore } from '../tenant/tenant-store.ts';
import { createPostgresProjectDirectory } from '../tenant/directories.ts';
import { createTestDatabase } from '../testing/database.ts';
import { createPostgresEventStore } from './event-store.ts';
import { createMonths } from './months.ts';

eventStoreSuite('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const { app, writer } = database.pools;
  const tenants = await openPostgresTenantStore({ url: database.url, clock: systemClock });
  return {
    store: createPostgresEventStore({
      pool: writer,
      projects: createPostgresProjectDirectory(writer),
      months: createMonths(writer),
    }),
    ledger: createPostgresLedgerStore({ pool: app, clock: systemClock }),
    tenants,
    close: async () => {
      await tenants.end();
      await database.drop();
    },
  };
});
