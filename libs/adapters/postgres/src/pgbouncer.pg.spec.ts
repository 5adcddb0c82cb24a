import { fileURLToPath } from 'node:url';
import { eventLogSuite, stateStoreSuite, systemClock } from '@productgraph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireInstanceLock, AlreadyRunning } from './instance-lock.ts';
import { migrate, migrationsFolder } from './migrate.ts';
import { createPools, withTransaction, type Pools } from './pool.ts';
import { createPostgresStateStore } from './state/state-store.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';
import { emptyLogAndState, openLogs } from './testing/log-fixture.ts';
import { findPgBouncer, startPgBouncer, type PgBouncerProgram, type RunningPgBouncer } from './testing/pgbouncer.ts';

const found = findPgBouncer();

describe('behind PgBouncer in transaction mode', () => {
  if ('missing' in found) it('is not tried here', ({ skip }) => skip(found.missing));
  else suites(found);
});

function suites(program: PgBouncerProgram): void {
  let bouncer: RunningPgBouncer;
  let database: TestDatabase;
  let pools: Pools;
  beforeAll(async () => {
    bouncer = await startPgBouncer(program, process.env.PG_TEST_URL ?? '');
    database = await createTestDatabase();
    pools = createPools({ url: bouncer.through(database.url), appConnections: 40 });
  });
  afterAll(async () => {
    await pools.end();
    await database.drop();
    await bouncer.stop();
  });

  eventLogSuite('PgBouncer', async () => {
    await emptyLogAndState(pools);
    return openLogs(pools.url, systemClock);
  });

  stateStoreSuite('PgBouncer', async () => {
    await emptyLogAndState(pools);
    return { store: createPostgresStateStore(pools), close: async () => undefined };
  });

  describe('transactions', () => transactionCases(() => pools));
}

function transactionCases(shared: () => Pools): void {
  it('leave neither role nor tenant behind on the connections they shared', async () => {
    const orgs = Array.from(
      { length: 40 },
      (_, n) => `018f0000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`,
    );
    const seen = await Promise.all(
      orgs.map((orgId) =>
        withTransaction(shared().app, { role: 'app', orgId }, async (client) => {
          await client.query('SELECT pg_sleep(0.01)');
          const { rows } = await client.query<{ org: string }>(`SELECT current_setting('app.org_id') AS org`);
          return rows[0]?.org;
        }),
      ),
    );
    expect(seen).toEqual(orgs);
    const outside = await Promise.all(
      orgs.map(() =>
        shared().app.query(`SELECT current_user AS role, coalesce(current_setting('app.org_id', true), '') AS org`),
      ),
    );
    for (const { rows } of outside) expect(rows).toEqual([{ role: 'postgres', org: '' }]);
  });

  it('are cancelled by their signal', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('the client left')), 50);
    const began = Date.now();
    const query = withTransaction(shared().app, { role: 'app', signal: abort.signal }, (client) =>
      client.query('SELECT pg_sleep(30)'),
    );
    await expect(query).rejects.toThrow('the client left');
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it('carry migrations and the lock of the only Starter', async () => {
    const pools = shared();
    const folder = migrationsFolder(fileURLToPath(new URL('../', import.meta.url)));
    expect(await migrate({ url: pools.url, folder })).toEqual([]);
    const options = { pools, clock: systemClock, onLost: () => undefined };
    const lock = await acquireInstanceLock(options);
    await expect(acquireInstanceLock(options)).rejects.toThrow(AlreadyRunning);
    await lock.release();
    await (await acquireInstanceLock(options)).release();
  });
}
