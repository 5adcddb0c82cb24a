import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkServer, DatabaseUnusable } from './check-server.ts';
import { freePort } from './server/free-port.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

const PASSWORD = 'very-secret-word';
let database: TestDatabase;
let changed: (changes: Partial<Record<'username' | 'port' | 'pathname' | 'hostname', string>>) => string;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pools.app.query(`CREATE ROLE nobody_${roleSuffix()} LOGIN`);
  changed = (changes) => {
    const url = Object.assign(new URL(database.url), changes);
    url.password = PASSWORD;
    return url.href;
  };
});
afterAll(async () => {
  await database.pools.app.query(`DROP ROLE nobody_${roleSuffix()}`);
  await database.drop();
});

const roleSuffix = (): string => new URL(database.url).pathname.slice(3);

async function faultOf(url: string): Promise<string> {
  const error: unknown = await checkServer(url).then(() => null, (reason: unknown) => reason); // prettier-ignore
  expect(error).toBeInstanceOf(DatabaseUnusable);
  const { message } = error as Error;
  expect(message).not.toContain(PASSWORD);
  expect(message).not.toContain('\n');
  return message;
}

describe('checkServer', () => {
  it('accepts a server that has all it takes', async () => {
    expect((await checkServer(database.url)).version).toMatch(/^\d+\.\d+/u);
  });

  it.each(['', 'not a url', 'http://localhost/x', 'mysql://localhost/x'])(
    'says what a URL looks like: %s',
    async (url) => {
      expect(await faultOf(url)).toMatch(/is not of the form postgres:/u);
    },
  );

  it('names a host where nothing listens', async () => {
    const port = String(await freePort());
    expect(await faultOf(changed({ port }))).toBe(
      `No PostgreSQL listens at 127.0.0.1:${port}: start it or correct host and port in DATABASE_URL.`,
    );
  });

  it('names a host that does not exist', async () => {
    expect(await faultOf(changed({ hostname: 'no-such-host.invalid' }))).toMatch(/host of no-such-host\.invalid/u);
  });

  it('names a database that does not exist', async () => {
    expect(await faultOf(changed({ pathname: '/absent' }))).toMatch(/^There is no database absent at 127\.0\.0\.1/u);
  });

  it('names a user that does not exist', async () => {
    expect(await faultOf(changed({ username: 'stranger' }))).toMatch(/user stranger/u);
  });

  it('names roles that the user may not take, and how to let it', async () => {
    const user = `nobody_${roleSuffix()}`;
    const fix = `GRANT productgraph_owner, productgraph_app, productgraph_writer TO ${user} WITH INHERIT FALSE, SET TRUE`;
    expect(await faultOf(changed({ username: user }))).toBe(
      `User ${user} may not take the roles productgraph_owner, productgraph_app, productgraph_writer: run ${fix} as administrator.`,
    );
    await database.pools.app.query(fix);
    expect(await checkServer(changed({ username: user }))).toBeDefined();
  });

  it('names the right to create tables, and how to give it', async () => {
    const user = `nobody_${roleSuffix()}`;
    const url = changed({ username: user, pathname: '/postgres' });
    const fault = await faultOf(url);
    expect(fault).toBe(
      `User ${user} may not create tables in database postgres: run ALTER DATABASE postgres OWNER TO ${user} as administrator.`,
    );
  });

  it('refuses a replica', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.pools.app.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    expect(await faultOf(database.url)).toMatch(/only takes reads/u);
    await database.pools.app.query(
      `SET default_transaction_read_only = off; ALTER DATABASE ${name} RESET default_transaction_read_only`,
    );
  });
});
