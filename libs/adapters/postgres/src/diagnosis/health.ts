import { Client } from 'pg';
import { readMigrations } from '../migrate.ts';
import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

/** How the database compares with the migrations of this program. */
export interface MigrationState {
  /** Names of migrations that are not applied. */
  readonly missing: readonly string[];
  readonly applied: number;
}

/** @throws the driver's error when the server cannot be reached */
export async function readMigrationState(url: string, folder: string): Promise<MigrationState> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const there = await client.query<{ there: boolean }>(
      `SELECT to_regclass('public.schema_migrations') IS NOT NULL AS there`,
    );
    const known = readMigrations(folder);
    if (there.rows[0]?.there !== true) return { missing: known.map(nameOf), applied: 0 };
    await client.query('BEGIN; SET LOCAL ROLE productgraph_owner');
    const { rows } = await client.query<{ version: number }>('SELECT version FROM schema_migrations');
    await client.query('COMMIT');
    const applied = new Set(rows.map(({ version }) => version));
    return { missing: known.filter(({ version }) => !applied.has(version)).map(nameOf), applied: applied.size };
  } finally {
    await client.end();
  }
}

const nameOf = ({ version, name }: { version: number; name: string }): string =>
  `${String(version).padStart(4, '0')}_${name}`;

/** The server's clock, Unix milliseconds. */
export async function readServerTime(pools: Pools): Promise<number> {
  const { rows } = await runStatement<{ now: number }>(pools.statements, 'app', {
    text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
    values: [],
  });
  return rows[0]?.now ?? Number.NaN;
}
