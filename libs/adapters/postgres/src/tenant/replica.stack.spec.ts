import { organisationOf, projectOf, systemClock } from '@productgraph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadPool, type ReadPool } from '../read-pool.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { eventually, testReplica } from '../testing/replica.ts';
import { createPostgresKeyDirectory, createPostgresTenantOverview } from './directories.ts';
import { openPostgresTenantStore, type PostgresTenantStore } from './tenant-store.ts';

const replica = testReplica();
const organisation = organisationOf();
const project = projectOf({ orgId: organisation.id });

let database: TestDatabase;
let reads: ReadPool;
let store: PostgresTenantStore;

beforeAll(async () => {
  database = await createTestDatabase({ serverUrl: replica.primaryUrl });
  store = await openPostgresTenantStore({ url: database.url, clock: systemClock });
  await replica.caughtUp();
  reads = createReadPool({ pools: database.pools, replicaUrl: replica.urlOf(database.url), maxLagMs: 60_000 });
  const onReplica = (): Promise<boolean> =>
    reads.read({ role: 'app' }, async (client) => {
      const { rows } = await client.query<{ replica: boolean }>('SELECT pg_is_in_recovery() AS replica');
      return rows[0]?.replica === true;
    });
  await eventually('the replica serves', onReplica);
  // What is written from now on it does not have.
  await replica.query('SELECT pg_wal_replay_pause()');
});
afterAll(async () => {
  await replica.query('SELECT pg_wal_replay_resume()');
  await reads.end();
  await store.end();
  await database.drop();
});

describe('on a replica that lags', () => {
  it('what was just made is found all the same; a change is seen after the word of it', async () => {
    const keys = createPostgresKeyDirectory(reads);
    expect(await createPostgresTenantOverview(reads).organisations()).toEqual([]);
    await store.createOrganisation(organisation, 'system');
    await store.createProject(project, 'system');
    const hash = 'a'.repeat(64);
    const key = await store.createKey(
      { orgId: organisation.id, projectId: project.id, kind: 'pgw', name: 'k', role: null, allowedOrigins: [], hash, prefix: 'pgw_abcd' }, // prettier-ignore
      'system',
    );
    expect((await keys.findByHash(hash))?.key.id).toBe(key.id);
    expect(await createPostgresTenantOverview(reads).organisations()).toHaveLength(1);

    await replica.query('SELECT pg_wal_replay_resume()');
    await replica.caughtUp();
    await replica.query('SELECT pg_wal_replay_pause()');
    await store.setKeyDisabled({ orgId: organisation.id, keyId: key.id, disabled: true }, 'system');
    expect((await keys.findByHash(hash))?.key.disabledAt).toBeNull();
    reads.seeWrites();
    expect((await keys.findByHash(hash))?.key.disabledAt).not.toBeNull();
  });
});
