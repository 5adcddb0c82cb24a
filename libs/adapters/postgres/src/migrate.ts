import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

/** Why migrating stopped; the message is one sentence for people. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

export interface MigrateOptions {
  /** Connection URL; directly or through PgBouncer in transaction mode. */
  readonly url: string;
  /** Folder of `NNNN_name.sql` files; see {@link migrationsFolder}. */
  readonly folder: string;
  readonly onProgress?: (step: {
    readonly migration: Migration;
    readonly done: number;
    readonly total: number;
  }) => void;
}

const FILE = /^(\d{4})_([a-z0-9_]+)\.sql$/u;

/** Any number, but one of our own: `productg` in ASCII. */
const LOCK_KEY = '8102654949302559847';

/**
 * The folder of the migrations as seen from `base`: beside the sources (the package's folder), or beside a bundle
 * (`dist/<app>`), which carries them as assets.
 * @throws MigrationError when neither is there
 */
export function migrationsFolder(base: string): string {
  const places = [join(base, 'migrations'), join(base, 'assets/adapter-postgres/migrations')];
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new MigrationError(`The migrations are missing: there is neither ${places.join(' nor ')}.`);
  return found;
}

/** The migrations of a folder in order; other files are not looked at. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const match = FILE.exec(file);
      if (match === null) return [];
      const sql = readFileSync(join(folder, file), 'utf8');
      return [{ version: Number(match[1]), name: match[2] ?? '', sql, checksum: sha256(sql) }];
    })
    .sort((a, b) => a.version - b.version);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Applies what is missing, each migration in a transaction of its own, under a lock that a second process waits for.
 * A file runs as `productgraph_owner` unless its first line is `-- role: login`.
 * @returns the migrations applied now
 * @throws MigrationError when an applied file was changed or the database is newer than this program
 */
export async function migrate(options: MigrateOptions): Promise<Migration[]> {
  const known = readMigrations(options.folder);
  const client = new Client({ connectionString: options.url });
  // A connection that breaks rejects the query in hand; without a listener it would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  const applied: Migration[] = [];
  try {
    for (;;) {
      const migration = await applyNext(client, known, (next, rest) =>
        options.onProgress?.({ migration: next, done: applied.length, total: applied.length + rest }),
      );
      if (migration === null) return applied;
      applied.push(migration);
    }
  } finally {
    await client.end();
  }
}

/**
 * That nothing is missing, for processes that leave migrating to others.
 * @throws MigrationError also when migrations are missing
 */
export async function checkMigrated({ url, folder }: Pick<MigrateOptions, 'url' | 'folder'>): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    const missing = missingOf(readMigrations(folder), await appliedVersions(client));
    const [first] = missing;
    if (first === undefined) return;
    throw new MigrationError(
      `${missing.length} migrations of PostgreSQL are missing, the first is ${fileOf(first)}: run "productgraph migrate", or set MIGRATE=1.`,
    );
  } finally {
    await client.end();
  }
}

/** Applies the first missing migration, or answers null. The list is read again under the lock: another process may have been faster. */
async function applyNext(
  client: Client,
  known: readonly Migration[],
  onStart: (migration: Migration, rest: number) => void,
): Promise<Migration | null> {
  await client.query('BEGIN');
  try {
    // Held to the end of the transaction, so it also works where connections are shared (PgBouncer).
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK_KEY})`);
    const missing = missingOf(known, await appliedVersions(client));
    const [next] = missing;
    if (next !== undefined) {
      onStart(next, missing.length);
      await apply(client, next);
    }
    await client.query('COMMIT');
    return next ?? null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const asLogin = migration.sql.startsWith('-- role: login\n');
  try {
    if (!asLogin) await client.query('SET LOCAL ROLE productgraph_owner');
    await client.query(migration.sql);
    await client.query('SET LOCAL ROLE productgraph_owner');
    await client.query('INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`Migration ${fileOf(migration)} failed and was rolled back: ${message}`, { cause: error });
  }
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

async function appliedVersions(client: Client): Promise<AppliedRow[]> {
  const table = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public.schema_migrations') IS NOT NULL AS there`,
  );
  if (table.rows[0]?.there !== true) return [];
  await client.query('SAVEPOINT versions; SET LOCAL ROLE productgraph_owner');
  const { rows } = await client.query<AppliedRow>(
    'SELECT version, name, checksum FROM schema_migrations ORDER BY version',
  );
  // Back to the login: the first migrations need its own rights.
  await client.query('ROLLBACK TO SAVEPOINT versions; RELEASE SAVEPOINT versions');
  return rows;
}

/** @throws MigrationError when history and files disagree */
function missingOf(known: readonly Migration[], applied: readonly AppliedRow[]): Migration[] {
  const newest = known.at(-1)?.version ?? 0;
  const rows = new Map(applied.map((row) => [row.version, row]));
  const newer = applied.find((row) => row.version > newest);
  if (newer !== undefined) {
    throw new MigrationError(
      `The database was migrated by a newer version of ProductGraph (${fileOf(newer)}): update the program, or restore the database from before.`,
    );
  }
  const changed = known.find((file) => rows.has(file.version) && rows.get(file.version)?.checksum !== file.checksum);
  if (changed !== undefined) {
    throw new MigrationError(
      `Migration ${fileOf(changed)} was changed after it had been applied: restore the file and put the change into a new migration.`,
    );
  }
  return known.filter((file) => !rows.has(file.version));
}

function fileOf({ version, name }: { readonly version: number; readonly name: string }): string {
  return `${String(version).padStart(4, '0')}_${name}.sql`;
}
