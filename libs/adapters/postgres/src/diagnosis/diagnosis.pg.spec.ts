import { setTimeout as sleep } from 'node:timers/promises';
import { packLines, type LogRecord } from '@productgraph/contracts';
import type { Clock } from '@productgraph/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresLog } from '../log/event-log.ts';
import { migrationsFolder } from '../migrate.ts';
import { withTransaction } from '../pool.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { expectedGrants, missingGrants, TENANT_TABLES } from './grants.ts';
import { readMigrationState, readServerTime } from './health.ts';
import { readLedgerSums, readStages } from './stages.ts';
import { readUnknownProjects } from './unknown-projects.ts';

const folder = migrationsFolder(new URL('../../', import.meta.url).pathname);
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? undefined : { signal }),
};

describe('diagnosis', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => database.drop());

  const asOwner = <Row>(text: string): Promise<Row[]> =>
    withTransaction(
      database.pools.writer,
      { role: 'owner' },
      async (client) => (await client.query(text)).rows as Row[],
    );

  it('knows exactly the grants of a new database', async () => {
    const rows = await asOwner<{ role: string; table: string; verb: string }>(
      `SELECT DISTINCT replace(grantee, 'productgraph_', '') AS role, table_name AS table, privilege_type AS verb
       FROM information_schema.column_privileges
       WHERE grantee IN ('productgraph_app', 'productgraph_writer') AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE')
         AND table_schema = 'public' AND table_name !~ '_\\d{4}_\\d{2}$|^log_\\d'
       UNION SELECT replace(grantee, 'productgraph_', ''), table_name, privilege_type FROM information_schema.table_privileges
       WHERE grantee IN ('productgraph_app', 'productgraph_writer') AND privilege_type = 'DELETE' AND table_schema = 'public'`,
    );
    const asText = ({ role, table, verb }: { role: string; table: string; verb: string }) =>
      `${role}: ${table}: ${verb}`;
    expect(rows.map(asText).sort()).toEqual(expectedGrants().map(asText).sort());
  });

  it('knows exactly the tables of tenants', async () => {
    const rows = await asOwner<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY relname`,
    );
    expect(rows.map(({ relname }) => relname)).toEqual([...TENANT_TABLES].sort());
  });

  it('finds nothing missing, then names what is', async () => {
    expect(await missingGrants(database.pools)).toEqual([]);
    await asOwner('REVOKE INSERT ON events FROM productgraph_writer; ALTER TABLE members NO FORCE ROW LEVEL SECURITY');
    expect(await missingGrants(database.pools)).toEqual([
      'INSERT on events for productgraph_writer',
      'row-level security in force on members',
    ]);
    await asOwner('GRANT INSERT ON events TO productgraph_writer; ALTER TABLE members FORCE ROW LEVEL SECURITY');
  });

  it('compares the applied migrations with those of the program', async () => {
    const state = await readMigrationState(database.url, folder);
    expect(state.missing).toEqual([]);
    expect(state.applied).toBeGreaterThan(5);
    await asOwner('DELETE FROM schema_migrations WHERE version = 3');
    expect((await readMigrationState(database.url, folder)).missing).toEqual(['0003_state']);
  });

  it('reads the clock of the server', async () => {
    expect(Math.abs((await readServerTime(database.pools)) - Date.now())).toBeLessThan(60_000);
  });

  it('sums an empty ledger to zeros', async () => {
    expect(await readLedgerSums(database.pools, 0)).toEqual({
      accepted: 0,
      stored: 0,
      duplicate: 0,
      rejected: 0,
      quarantinedLater: 0,
      erased: 0,
    });
  });

  it('lists what came in for projects that nobody knows, since a time', async () => {
    const [nobody, lost] = ['00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-000000000009'];
    const organisation = '01900000-0000-7000-8000-000000000008';
    await asOwner(
      `INSERT INTO ledger_minutes (org_id, project_id, minute, accepted, stored, rejected, quarantined_later) VALUES
         ('${nobody}', '${lost}', 99, 50, 50, 0, 0), ('${nobody}', '${lost}', 100, 5, 4, 2, 1),
         ('${nobody}', '${lost}', 101, 3, 3, 0, 0), ('${nobody}', '${nobody}', 101, 0, 0, 1, 0),
         ('${organisation}', '${lost}', 101, 9, 9, 9, 0)`,
    );
    expect(await readUnknownProjects(database.pools, 100)).toEqual([
      { projectId: lost, events: 8, refused: 3 },
      { projectId: nobody, events: 0, refused: 1 },
    ]);
    await asOwner('DELETE FROM ledger_minutes');
    expect(await readUnknownProjects(database.pools, 0)).toEqual([]);
  });

  it('walks the log: heads, positions and how late they are', async () => {
    const log = createPostgresLog({ pools: database.pools, clock, random: () => 0, partitions: 2 });
    await log.start();
    const record: LogRecord = {
      schema: 'events/1',
      count: 1,
      receivedAt: Date.now() - 120_000,
      ids: new Uint8Array(),
      counts: {},
      producer: 'spec',
      payload: packLines(['x']),
    };
    await log.append([{ topic: 'events', partition: 1, records: [record, record] }]);
    await asOwner(
      `INSERT INTO writer_heads (log_group, topic, generation, log_partition, next, runner_time)
       VALUES ('event-writer', 'events', 1, 1, 1, 0)`,
    );
    const stages = await readStages(database.pools);
    expect(stages).toMatchObject([
      { topic: 'events', generation: 1, partition: 0, low: 0, high: 0, groups: [] },
      { topic: 'events', generation: 1, partition: 1, low: 0, high: 2, groups: [{ group: 'event-writer', next: 1 }] },
    ]);
    expect(stages[1]?.groups[0]?.behindMs).toBeGreaterThanOrEqual(120_000);
    await log.stop();
  });
});
