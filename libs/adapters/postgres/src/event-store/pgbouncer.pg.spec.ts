import { eventStoreSuite, systemClock, tenantStoreSuite } from '@productgraph/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createPostgresLedgerStore } from '../ledger/ledger-store.ts';
import { createPools, type Pools } from '../pool.ts';
import { primaryReads } from '../read-pool.ts';
import {
  createPostgresKeyDirectory,
  createPostgresProjectDirectory,
  createPostgresTenantOverview,
} from '../tenant/directories.ts';
import { openPostgresTenantStore, type PostgresTenantStore } from '../tenant/tenant-store.ts';
import { findPgBouncer, startPgBouncer, type PgBouncerProgram, type RunningPgBouncer } from '../testing/pgbouncer.ts';
import { sharedDatabase } from '../testing/shared-database.ts';
import { createPostgresEventStore } from './event-store.ts';
import { createMonths } from './months.ts';

/* Temporary tables, COPY and TypeORM on server connections that many clients share. */

const found = findPgBouncer();

describe('behind PgBouncer in transaction mode', () => {
  if ('missing' in found) it('is not tried here', ({ skip }) => skip(found.missing));
  else suites(found);
});

function suites(program: PgBouncerProgram): void {
  const shared = sharedDatabase();
  let bouncer: RunningPgBouncer;
  let pools: Pools;
  beforeAll(async () => {
    bouncer = await startPgBouncer(program, process.env.PG_TEST_URL ?? '');
    pools = createPools({ url: bouncer.through((await shared.open()).url) });
  });
  afterAll(async () => {
    await pools.end();
    await shared.drop();
    await bouncer.stop();
  });

  const openTenants = (): Promise<PostgresTenantStore> =>
    openPostgresTenantStore({ url: pools.url, clock: systemClock });
  const closing = (tenants: PostgresTenantStore) => async () => {
    await tenants.end();
    await shared.empty();
  };

  eventStoreSuite('PgBouncer', async () => {
    const { app, writer } = pools;
    const tenants = await openTenants();
    const projects = createPostgresProjectDirectory(writer);
    return {
      store: createPostgresEventStore({ pool: writer, projects, months: createMonths(writer) }),
      ledger: createPostgresLedgerStore({ reads: primaryReads(app), clock: systemClock }),
      tenants,
      copiesSeen: { when: 'written' },
      close: closing(tenants),
    };
  });

  tenantStoreSuite('PgBouncer', async () => {
    const store = await openTenants();
    return {
      store,
      keys: createPostgresKeyDirectory(primaryReads(pools.app)),
      projects: createPostgresProjectDirectory(pools.writer),
      overview: createPostgresTenantOverview(primaryReads(pools.app)),
      close: closing(store),
    };
  });
}
