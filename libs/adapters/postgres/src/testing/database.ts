import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { migrate, migrationsFolder, readMigrations } from '../migrate.ts';
import { createPools, type Pools } from '../pool.ts';

/** A database of a test's own, with every migration applied. */
export interface TestDatabase {
  /** URL of the database, as superuser. */
  readonly url: string;
  readonly pools: Pools;
  /** Ends the pools and removes the database. */
  drop(): Promise<void>;
}

const allMigrations = migrationsFolder(fileURLToPath(new URL('../../', import.meta.url)));
const LOCK_KEY = 7_310_579;

export interface TestDatabaseOptions {
  /** Superuser URL of the server; default `PG_TEST_URL`. */
  readonly serverUrl?: string;
  /** Folder of migrations; default all of this adapter. */
  readonly folder?: string;
}

/**
 * Makes a database on a test server. Migrations run once per server and set of migration files, into a template that each
 * test's database is copied from (some 30 ms).
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { serverUrl = process.env.PG_TEST_URL ?? '', folder = allMigrations } = options;
  if (serverUrl === '') throw new Error('PG_TEST_URL is not set: run this with vitest.pg.config.ts');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    const template = await ensureTemplate(admin, serverUrl, folder);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const url = databaseUrl(serverUrl, name);
  const pools = createPools({ url });
  return {
    url,
    pools,
    drop: async () => {
      await pools.end();
      await onServer(serverUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function ensureTemplate(admin: Client, serverUrl: string, folder: string): Promise<string> {
  const checksums = readMigrations(folder).map((migration) => migration.checksum);
  const template = `template_${createHash('sha256').update(checksums.join()).digest('hex').slice(0, 16)}`;
  const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
  if (found.rowCount !== 0) return template;
  const making = `${template}_${randomBytes(3).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${making}`);
  await migrate({ url: databaseUrl(serverUrl, making), folder });
  // Renamed only when complete: a run that was ended in the middle leaves no half template.
  await admin.query(`ALTER DATABASE ${making} RENAME TO ${template}`);
  return template;
}

async function onServer(url: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client(url);
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
