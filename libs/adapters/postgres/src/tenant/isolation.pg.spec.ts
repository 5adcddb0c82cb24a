import {
  BUILT_AT,
  organisationOf,
  projectOf,
  quarantineEntry,
  sessionRow,
  storeBlock,
  storedEvent,
  systemClock,
} from '@productgraph/testing';
import type { Project } from '@productgraph/domain-tenant';
import { hashKey } from '@productgraph/contracts';
import { Client, type QueryResult } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresEventStore } from '../event-store/event-store.ts';
import { createMonths } from '../event-store/months.ts';
import { pruneLedger } from '../ledger/prune.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createPostgresProjectDirectory } from './directories.ts';
import { openPostgresTenantStore } from './tenant-store.ts';

/*
 * Row-level security, table by table as the catalog lists them: a table added later is looked at without being named here.
 */

interface Table {
  readonly name: string;
  /** Column that holds the organisation; null = not a tenant's data. */
  readonly tenant: string | null;
  readonly secured: boolean;
  readonly forced: boolean;
}

const TABLES = `
  SELECT c.oid::regclass::text AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced,
    CASE WHEN c.relname = 'organisations' THEN 'id'
      ELSE (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attname = 'org_id' AND NOT attisdropped) END AS tenant
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v') AND NOT c.relispartition ORDER BY 1`;

/** Tables without tenants' data that the application may read: positions, versions. */
const READABLE = ['group_offsets', 'log_head', 'log_segments', 'log_topics', 'schema_migrations'];

let database: TestDatabase;
let admin: Client;
let tables: Table[];
let tenantTables: Table[];
let ours: Project;
let theirs: Project;

async function makeTenant(name: string): Promise<Project> {
  const tenants = await openPostgresTenantStore({ url: database.url, clock: systemClock });
  const organisation = organisationOf({ name });
  const project = projectOf({ orgId: organisation.id });
  await tenants.createOrganisation(organisation, 'system');
  await tenants.createProject(project, 'system');
  const { orgId, id: projectId } = project;
  const common = { orgId, projectId, name, hash: hashKey(name), prefix: 'x', allowedOrigins: [] };
  await tenants.createKey({ ...common, kind: 'pgw', role: null }, 'system');
  await tenants.putMember({ orgId, email: 'ann@example.com', role: 'owner' }, 'system');
  await tenants.end();
  return project;
}

/** A block with an event, a session and a quarantine entry of both. */
async function writeBlock(first: number): Promise<void> {
  const { writer } = database.pools;
  const store = createPostgresEventStore({
    pool: writer,
    projects: createPostgresProjectDirectory(writer),
    months: createMonths(writer),
  });
  const projects = [ours.id, theirs.id];
  await store.write(
    storeBlock({
      first,
      last: first,
      events: projects.map((projectId) => ({
        event: storedEvent({ timestamp: BUILT_AT + first, projectId }),
        offset: first,
      })),
      sessions: projects.map((projectId) => sessionRow({ projectId })),
      quarantine: projects.map((projectId) => quarantineEntry({ projectId })),
    }),
  );
}

/** What a statement gives as the application's role with these settings; always rolled back. */
async function asApp(
  settings: Readonly<Record<string, string>>,
  sql: string,
  values: unknown[] = [],
): Promise<QueryResult<Record<string, unknown>>> {
  await admin.query('BEGIN; SET LOCAL ROLE productgraph_app');
  try {
    for (const [name, value] of Object.entries(settings))
      await admin.query('SELECT set_config($1, $2, true)', [name, value]);
    return await admin.query<Record<string, unknown>>(sql, values);
  } finally {
    await admin.query('ROLLBACK');
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: string }).code;
const NO_RIGHT = '42501';

/** Number of rows, or `denied`. */
async function attempt(
  settings: Readonly<Record<string, string>>,
  sql: string,
  values: unknown[] = [],
): Promise<number | 'denied'> {
  try {
    return (await asApp(settings, sql, values)).rowCount ?? 0;
  } catch (error) {
    if (codeOf(error) === NO_RIGHT) return 'denied';
    throw error;
  }
}

const tenantOf = ({ orgId }: Project): Readonly<Record<string, string>> => ({ 'app.org_id': orgId });

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new Client(database.url);
  await admin.connect();
  ours = await makeTenant('Acme');
  theirs = await makeTenant('Rival');
  await writeBlock(0);
  // Both ledgers: what is there so far goes into days.
  await pruneLedger(database.pools.writer, BUILT_AT + 30 * 86_400_000);
  await writeBlock(1);
  tables = (await admin.query<Table>(TABLES)).rows;
  tenantTables = tables.filter(({ tenant }) => tenant !== null);
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** Runs `check` for every tenant table, and names the table where it fails. */
async function everyTenantTable(check: (table: Table & { tenant: string }) => Promise<void>): Promise<void> {
  for (const { tenant, ...table } of tenantTables) {
    if (tenant === null) continue;
    await check({ ...table, tenant }).catch((error: unknown) => {
      throw new Error(`Table ${table.name}: ${(error as Error).message}`, { cause: error });
    });
  }
}

describe('tables of tenants', () => {
  it('are found, and hold rows of both tenants', async () => {
    expect(tenantTables.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'api_keys',
        'audit_log',
        'events',
        'ledger_days',
        'members',
        'organisations',
        'projects',
        'quarantine',
        'sessions',
      ]),
    );
    await everyTenantTable(async ({ name, tenant }) => {
      const { rows } = await admin.query(`SELECT DISTINCT ${tenant} FROM ${name} WHERE ${tenant} = ANY ($1)`, [
        [ours.orgId, theirs.orgId],
      ]);
      expect(rows).toHaveLength(2);
    });
  });

  it('have row-level security, forced', async () => {
    await everyTenantTable(async ({ secured, forced }) =>
      expect({ secured, forced }).toEqual({ secured: true, forced: true }),
    );
  });

  it.each([
    ['without a tenant', {}],
    ['with an empty tenant', { 'app.org_id': '', 'app.project_id': '' }],
  ])('show nothing %s', async (_, settings) => {
    await everyTenantTable(async ({ name }) => {
      expect((await asApp(settings, `SELECT FROM ${name}`)).rowCount).toBe(0);
    });
  });

  it("show a tenant all of its own rows and none of another's", async () => {
    await everyTenantTable(async ({ name, tenant }) => {
      const own = await admin.query(`SELECT FROM ${name} WHERE ${tenant} = $1`, [ours.orgId]);
      const seen = await asApp(tenantOf(ours), `SELECT ${tenant} AS tenant FROM ${name}`);
      expect(seen.rows.map((row) => row.tenant)).toEqual(Array<string>(own.rowCount ?? 0).fill(ours.orgId));
    });
  });

  it('refuse a tenant that is no id instead of showing anything', async () => {
    await everyTenantTable(async ({ name }) => {
      await expect(asApp({ 'app.org_id': "' OR true" }, `SELECT FROM ${name}`)).rejects.toMatchObject({
        code: '22P02',
      });
    });
  });

  it('show one project only where one is set', async () => {
    const other = '01900000-0000-7000-8000-00000000dead';
    await everyTenantTable(async ({ name }) => {
      const column = name === 'projects' ? 'id' : 'project_id';
      const { rows } = await admin.query(
        `SELECT FROM pg_attribute WHERE attrelid = $1::text::regclass AND attname = $2`,
        [name, column],
      );
      if (rows.length === 0) return;
      const scoped = { ...tenantOf(ours), 'app.project_id': other };
      expect((await asApp(scoped, `SELECT FROM ${name}`)).rowCount).toBe(0);
      const own = await asApp({ ...tenantOf(ours), 'app.project_id': ours.id }, `SELECT ${column} AS id FROM ${name}`);
      expect(new Set(own.rows.map(({ id }) => id))).toEqual(new Set([ours.id]));
    });
  });
});

describe("another tenant's rows", () => {
  it('cannot be inserted', async () => {
    await everyTenantTable(async ({ name, tenant }) => {
      const { rows } = await admin.query<{ row: unknown }>(
        `SELECT to_jsonb(t) AS row FROM ${name} t WHERE ${tenant} = $1 LIMIT 1`,
        [theirs.orgId],
      );
      const insert = `INSERT INTO ${name} SELECT * FROM jsonb_populate_record(NULL::${name}, $1)`;
      expect(await attempt(tenantOf(ours), insert, [JSON.stringify(rows[0]?.row)])).toBe('denied');
    });
  });

  it('cannot be made of own ones', async () => {
    await everyTenantTable(async ({ name, tenant }) => {
      expect(await attempt(tenantOf(ours), `UPDATE ${name} SET ${tenant} = $1`, [theirs.orgId])).toBe('denied');
    });
  });

  it('cannot be changed, deleted or locked', async () => {
    await everyTenantTable(async ({ name, tenant }) => {
      const where = `WHERE ${tenant} = $1`;
      for (const sql of [
        `UPDATE ${name} SET ${tenant} = ${tenant} ${where}`,
        `DELETE FROM ${name} ${where}`,
        `SELECT FROM ${name} ${where} FOR UPDATE`,
      ]) {
        expect(await attempt(tenantOf(ours), sql, [theirs.orgId])).toBeOneOf([0, 'denied']);
      }
    });
  });

  it('cannot be reached by a predicate that runs before the policy', async () => {
    // A function that raises would tell of rows that it is called with: policies come first for functions that are not leakproof.
    await everyTenantTable(async ({ name, tenant }) => {
      const leak = `SELECT FROM ${name} WHERE 1 / (CASE WHEN ${tenant} = $1 THEN 0 ELSE 1 END) = 1`;
      expect(await attempt(tenantOf(ours), leak, [theirs.orgId])).toBeGreaterThan(0);
    });
  });
});

/** Index conditions of a plan, at any depth. */
function indexConditions(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return [];
  return Object.entries(plan).flatMap(([key, value]) =>
    key === 'Index Cond' ? [String(value)] : indexConditions(value),
  );
}

describe('the policy', () => {
  it('reaches an index in every table', async () => {
    await everyTenantTable(async ({ name, tenant }) => {
      await admin.query('SET enable_seqscan = off');
      const { rows } = await asApp(tenantOf(ours), `EXPLAIN (FORMAT JSON) SELECT FROM ${name}`);
      await admin.query('RESET enable_seqscan');
      expect(indexConditions(rows)).toContainEqual(expect.stringContaining(`${tenant} = `));
    });
  });

  it('leaves the indexes of events to the question', async () => {
    await admin.query('SET enable_seqscan = off');
    const plans: unknown[] = [];
    for (const question of [
      `user_key = 'u:ann' AND "timestamp" >= '2026-03-01' AND "timestamp" < '2026-04-01'`,
      `event_id = 'e1'`,
    ]) {
      const sql = `EXPLAIN (FORMAT JSON) SELECT properties FROM events WHERE project_id = '${ours.id}' AND ${question}`;
      plans.push(...indexConditions((await asApp(tenantOf(ours), sql)).rows));
    }
    await admin.query('RESET enable_seqscan');
    expect(plans).toContainEqual(
      expect.stringMatching(/project_id = .*user_key = .*"?timestamp"? >= .*"?timestamp"? </u),
    );
    expect(plans).toContainEqual(expect.stringMatching(/project_id = .*event_id = /u));
  });
});

describe('roles', () => {
  it.each(['productgraph_app', 'productgraph_writer'])('%s passes by no policy and owns nothing', async (role) => {
    const attributes = await admin.query(
      `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS powerful,
         (SELECT count(*)::integer FROM pg_auth_members WHERE member = r.oid) AS memberships,
         (SELECT count(*)::integer FROM pg_class WHERE relowner = r.oid AND relpersistence <> 't') +
           (SELECT count(*)::integer FROM pg_proc WHERE proowner = r.oid) AS owned
       FROM pg_roles r WHERE rolname = $1`,
      [role],
    );
    expect(attributes.rows).toEqual([{ powerful: false, memberships: 0, owned: 0 }]);
  });

  it('leave the application no table without tenants but a few to read', async () => {
    const rights: string[] = [];
    for (const { name, tenant } of tables) {
      if (tenant !== null) continue;
      const { rows } = await admin.query<{ right: string }>(
        `SELECT "right" FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS "right"
         WHERE has_table_privilege('productgraph_app', $1, "right")`,
        [name],
      );
      rights.push(...rows.map(({ right }) => `${right} ${name}`));
    }
    expect(READABLE.map((name) => `SELECT ${name}`)).toEqual(expect.arrayContaining(rights));
  });

  it('leave partitions to the owner, but for COPY by the writer', async () => {
    const { rows } = await admin.query(
      `SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
       WHERE i.inhparent IN ('events'::regclass, 'sessions'::regclass) AND (
         has_table_privilege('productgraph_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
         OR has_table_privilege('productgraph_writer', c.oid, 'SELECT, UPDATE, DELETE, TRUNCATE'))`,
    );
    expect(rows).toEqual([]);
    await expect(asApp(tenantOf(ours), 'SELECT FROM events_2026_03')).rejects.toMatchObject({ code: NO_RIGHT });
  });

  it("keep functions with the owner's rights to names bound when they were made", async () => {
    const { rows } = await admin.query(
      `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
         AND prosqlbody IS NULL AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting WHERE setting LIKE 'search_path=%')`,
    );
    expect(rows).toEqual([]);
  });

  it('leave keys, members and organisations closed to processors', async () => {
    for (const name of ['api_keys', 'members', 'organisations', 'audit_log']) {
      const { rows } = await admin.query<{ any: boolean }>(
        `SELECT has_table_privilege('productgraph_writer', $1, 'SELECT, INSERT, UPDATE, DELETE') AS any`,
        [name],
      );
      expect(rows).toEqual([{ any: false }]);
    }
  });
});
