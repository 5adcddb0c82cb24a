import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPools, withTransaction, type Pools } from './pool.ts';
import { runStatement } from './statement.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

const ORG = '018f0000-0000-7000-8000-000000000001';
const PROJECT = '018f0000-0000-7000-8000-000000000002';

let database: TestDatabase;
let pools: Pools;
beforeAll(async () => {
  database = await createTestDatabase();
  pools = createPools({ url: database.url, appConnections: 1 });
  await withTransaction(pools.writer, { role: 'owner' }, (client) =>
    client.query('CREATE TABLE notes (n int PRIMARY KEY); GRANT SELECT, INSERT ON notes TO productgraph_writer'),
  );
});
afterAll(async () => {
  await pools.end();
  await database.drop();
});

describe('withTransaction', () => {
  it('sets role, tenant and time limit for the transaction only', async () => {
    const settings = `SELECT current_user AS role, current_setting('app.org_id', true) AS org,
      current_setting('app.project_id', true) AS project, current_setting('statement_timeout') AS bound`;
    const options = { role: 'app', orgId: ORG, projectId: PROJECT, statementTimeoutMs: 1234 } as const;
    const inside = await withTransaction(pools.app, options, (client) => client.query(settings));
    expect(inside.rows).toEqual([{ role: 'productgraph_app', org: ORG, project: PROJECT, bound: '1234ms' }]);
    const outside = await pools.app.query(settings);
    expect(outside.rows).toEqual([{ role: 'postgres', org: '', project: '', bound: '0' }]);
  });

  it.each([`x' OR true --`, '', '018f0000'])('takes nothing but a UUID for a tenant: %s', async (orgId) => {
    await expect(withTransaction(pools.app, { role: 'app', orgId }, async () => 1)).rejects.toThrow(TypeError);
  });

  it('rolls back what failed and gives a clean connection on', async () => {
    const work = withTransaction(pools.writer, { role: 'writer' }, async (client) => {
      await client.query('INSERT INTO notes VALUES (1)');
      await client.query('INSERT INTO notes VALUES (1)');
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect((await runStatement(pools.statements, 'writer', { text: 'SELECT * FROM notes', values: [] })).rows).toEqual(
      [],
    );
  });

  it('does not take a commit for one when a failure was overlooked', async () => {
    const work = withTransaction(pools.writer, { role: 'writer' }, async (client) => {
      await client.query('INSERT INTO notes VALUES (2)');
      await client.query('SELECT 1/0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/rolled back/u);
  });

  it('cancels the running query when its signal is aborted, even with every connection busy', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('gone')), 50);
    const began = Date.now();
    await expect(
      withTransaction(pools.app, { role: 'app', signal: abort.signal }, (client) =>
        client.query('SELECT pg_sleep(20)'),
      ),
    ).rejects.toThrow('gone');
    expect(Date.now() - began).toBeLessThan(3000);
    const left = await database.pools.app.query(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'`,
    );
    expect(left.rows).toEqual([{ n: 0 }]);
    const after = await withTransaction(pools.app, { role: 'app' }, (client) => client.query('SELECT 1 AS one'));
    expect(after.rows).toEqual([{ one: 1 }]);
  });

  it('does not begin when its signal is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(withTransaction(pools.app, { role: 'app', signal }, async () => 1)).rejects.toThrow('too late');
  });

  it('ends a statement at its time limit', async () => {
    await expect(
      withTransaction(pools.app, { role: 'app', statementTimeoutMs: 30 }, (client) =>
        client.query('SELECT pg_sleep(20)'),
      ),
    ).rejects.toMatchObject({ code: '57014' });
  });

  it('reads bigint as number and json as its own text', async () => {
    const sql = `SELECT 9007199254740991::bigint AS big, '{"n":12345678901234567890}'::json AS json, '{"n":1}'::jsonb AS jsonb`;
    const { rows } = await withTransaction(pools.app, { role: 'app' }, (client) => client.query(sql));
    expect(rows).toEqual([{ big: 9007199254740991, json: '{"n":12345678901234567890}', jsonb: { n: 1 } }]);
  });

  it('survives its connection being ended between two queries', async () => {
    const work = withTransaction(pools.app, { role: 'app' }, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.pools.app.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await client.query('SELECT 1');
    });
    await expect(work).rejects.toThrow();
    expect(
      (await withTransaction(pools.app, { role: 'app' }, (client) => client.query('SELECT 1 AS one'))).rows,
    ).toEqual([{ one: 1 }]);
  });
});

describe('runStatement', () => {
  it('commits one statement as its role', async () => {
    await runStatement(pools.statements, 'writer', { text: 'INSERT INTO notes VALUES ($1)', values: [7] });
    const { rows } = await runStatement(pools.statements, 'writer', {
      text: 'SELECT n, current_user AS role FROM notes',
      values: [],
    });
    expect(rows).toEqual([{ n: 7, role: 'productgraph_writer' }]);
  });

  it('leaves nothing behind when the statement fails', async () => {
    for (let n = 0; n < 20; n++) {
      await expect(runStatement(pools.statements, 'app', { text: 'SELECT * FROM notes', values: [] })).rejects.toThrow(
        /permission denied/u,
      );
    }
    expect((await pools.statements.query('SELECT current_user AS role')).rows).toEqual([{ role: 'postgres' }]);
  });
});
