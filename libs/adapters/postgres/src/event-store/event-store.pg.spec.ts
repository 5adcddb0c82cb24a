import { eventStoreSuite, systemClock } from '@productgraph/testing';
import { afterAll } from 'vitest';
import { createPostgresLedgerStore } from '../ledger/ledger-store.ts';
import { primaryReads } from '../read-pool.ts';
import { createPostgresProjectDirectory } from '../tenant/directories.ts';
import { openPostgresTenantStore } from '../tenant/tenant-store.ts';
import { sharedDatabase } from '../testing/shared-database.ts';
import { createPostgresEventStore } from './event-store.ts';
import { createMonths } from './months.ts';

const shared = sharedDatabase();
afterAll(() => shared.drop());

eventStoreSuite('PostgreSQL', async () => {
  const { url, pools } = await shared.open();
  const { app, writer } = pools;
  const tenants = await openPostgresTenantStore({ url, clock: systemClock });
  return {
    store: createPostgresEventStore({
      pool: writer,
      projects: createPostgresProjectDirectory(writer),
      months: createMonths(writer),
    }),
    ledger: createPostgresLedgerStore({ reads: primaryReads(app), clock: systemClock }),
    tenants,
    copiesSeen: { when: 'written' },
    close: async () => {
      await tenants.end();
      await shared.empty();
    },
  };
});
