import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMigrated, migrate, MigrationError, migrationsFolder, readMigrations } from './migrate.ts';
import { createPools, withTransaction } from './pool.ts';

const real = migrationsFolder(fileURLToPath(new URL('../', import.meta.url)));
const roles = readMigrations(real)[0]?.sql ?? '';
const adminUrl = process.env.PG_TEST_URL ?? '';

let name: string;
let url: string;
let folder: string;

async function admin<Row extends object>(sql: string, on = adminUrl): Promise<Row[]> {
  const client = new Client(on);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const write = (file: string, sql: string): void => writeFileSync(join(folder, file), sql);
const versions = (): Promise<{ version: number }[]> => admin('SELECT version FROM schema_migrations ORDER BY 1', url);
const urlOf = (database: string, login?: string): string => {
  const parsed = new URL(adminUrl);
  parsed.pathname = `/${database}`;
  if (login !== undefined) parsed.username = login;
  return parsed.href;
};

beforeEach(async () => {
  name = `m_${randomBytes(5).toString('hex')}`;
  await admin(`CREATE DATABASE ${name}`);
  url = urlOf(name);
  folder = mkdtempSync(join(tmpdir(), 'productgraph-migrations-'));
  write('0001_roles.sql', roles);
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await admin(`DROP DATABASE ${name} WITH (FORCE)`);
});

describe('migrate', () => {
  it('applies what is missing in order, once, and tells its progress', async () => {
    write('0003_c.sql', 'INSERT INTO steps VALUES (3);');
    write('0002_b.sql', 'CREATE TABLE steps (n int); INSERT INTO steps VALUES (2);');
    write('README.md', 'no migration');
    const progress: string[] = [];
    const onProgress = ({
      migration,
      done,
      total,
    }: {
      migration: { name: string };
      done: number;
      total: number;
    }): void => void progress.push(`${migration.name} ${done}/${total}`);
    const applied = await migrate({ url, folder, onProgress });
    expect(applied.map((one) => one.version)).toEqual([1, 2, 3]);
    expect(progress).toEqual(['roles 0/3', 'b 1/3', 'c 2/3']);
    expect(await admin('SELECT n FROM steps', url)).toEqual([{ n: 2 }, { n: 3 }]);
    expect(await migrate({ url, folder })).toEqual([]);
    write('0004_d.sql', 'DROP TABLE steps;');
    expect((await migrate({ url, folder })).map((one) => one.version)).toEqual([4]);
  });

  it('rolls a failing migration back, keeps those before, and says what and why', async () => {
    write('0002_fine.sql', 'CREATE TABLE fine ();');
    write('0003_broken.sql', 'CREATE TABLE half (); SELECT no_such_function();');
    await expect(migrate({ url, folder })).rejects.toThrow(
      /^Migration 0003_broken\.sql failed and was rolled back: function no_such_function\(\) does not exist$/u,
    );
    expect(await versions()).toEqual([{ version: 1 }, { version: 2 }]);
    expect(await admin(`SELECT to_regclass('half') AS half`, url)).toEqual([{ half: null }]);
    write('0003_broken.sql', 'CREATE TABLE half ();');
    expect((await migrate({ url, folder })).map((one) => one.version)).toEqual([3]);
  });

  it('refuses a changed file', async () => {
    write('0002_b.sql', 'SELECT 1;');
    await migrate({ url, folder });
    write('0002_b.sql', 'SELECT 2;');
    await expect(migrate({ url, folder })).rejects.toThrow(
      /^Migration 0002_b\.sql was changed after it had been applied/u,
    );
  });

  it('refuses a database that is newer', async () => {
    write('0009_later.sql', 'SELECT 1;');
    await migrate({ url, folder });
    rmSync(join(folder, '0009_later.sql'));
    await expect(migrate({ url, folder })).rejects.toThrow(/newer version of ProductGraph \(0009_later\.sql\)/u);
  });

  it('is checked by processes that leave it to others', async () => {
    write('0002_b.sql', 'SELECT 1;');
    await expect(checkMigrated({ url, folder })).rejects.toThrow(
      /^2 migrations of PostgreSQL are missing, the first is 0001_roles\.sql/u,
    );
    await migrate({ url, folder });
    await expect(checkMigrated({ url, folder })).resolves.toBeUndefined();
  });

  it('lets processes that start together take turns', async () => {
    write('0002_b.sql', 'CREATE TABLE once (); SELECT pg_sleep(0.1);');
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate({ url, folder })));
    expect(applied.flat().map((one) => one.version).sort()).toEqual([1, 2]); // prettier-ignore
  });

  it('runs every real migration for a login that is no superuser, and lets it take each role', async () => {
    const login = `login_${name}`;
    await admin(`CREATE ROLE ${login} LOGIN CREATEROLE; ALTER DATABASE ${name} OWNER TO ${login}`);
    // What another database of the same server left: the roles are there, and this login may not grant them itself.
    await admin(
      `GRANT productgraph_owner, productgraph_app, productgraph_writer TO ${login} WITH INHERIT FALSE, SET TRUE`,
    );
    const pools = createPools({ url: urlOf(name, login) });
    try {
      await migrate({ url: urlOf(name, login), folder: real });
      for (const role of ['owner', 'app', 'writer'] as const) {
        const user = await withTransaction(pools.app, { role }, async (client) =>
          client.query('SELECT current_user AS name'),
        );
        expect(user.rows).toEqual([{ name: `productgraph_${role}` }]);
      }
      await expect(pools.app.query('SELECT * FROM log')).rejects.toThrow(/permission denied/u);
      expect(
        await admin(`SELECT DISTINCT tableowner AS owner FROM pg_tables WHERE schemaname = 'public'`, url),
      ).toEqual([{ owner: 'productgraph_owner' }]);
    } finally {
      await pools.end();
      await admin(`DROP OWNED BY ${login}`, url);
      await admin(`ALTER DATABASE ${name} OWNER TO CURRENT_USER; DROP OWNED BY ${login}; DROP ROLE ${login}`);
    }
  });
});

describe('migrationsFolder', () => {
  it('finds them beside the sources and beside a bundle', () => {
    mkdirSync(join(folder, 'a/migrations'), { recursive: true });
    mkdirSync(join(folder, 'b/assets/adapter-postgres/migrations'), { recursive: true });
    expect(migrationsFolder(join(folder, 'a'))).toBe(join(folder, 'a/migrations'));
    expect(migrationsFolder(join(folder, 'b'))).toBe(join(folder, 'b/assets/adapter-postgres/migrations'));
    expect(() => migrationsFolder(join(folder, 'c'))).toThrow(MigrationError);
  });
});
