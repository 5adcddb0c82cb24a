import type { Clock } from '@productgraph/kernel';
import { connectClickHouse, type ClickHouse, type ClickHouseNode } from '../client/connection.ts';
import { reasonOf } from '../client/faults.ts';
import { compileClickHouseOptions, type ClickHouseOptions } from '../options.ts';
import { withLock } from './lock.ts';
import {
  ClickHouseMigrationError,
  fileOf,
  missingOf,
  readMigrations,
  type AppliedMigration,
  type ClickHouseMigration,
} from './migrations.ts';
import { renderStatements, type Topology } from './render.ts';

export interface MigrateClickHouseOptions {
  readonly connection: ClickHouseOptions;
  /** Folder of `NNNN_name.sql` files; see `clickhouseMigrationsFolder`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly onProgress?: (step: { readonly migration: ClickHouseMigration; readonly shard: number }) => void;
}

const HISTORY = `
CREATE TABLE IF NOT EXISTS schema_migrations {{on cluster}} (
  version UInt32,
  name String,
  checksum String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = {{engine ReplacingMergeTree}} ORDER BY version;
`;

/**
 * Applies what each shard lacks, one process at a time. ClickHouse has no transactions for statements: every statement is one that
 * may run again, so that a migration that broke off is run again from its start. With Keeper statements run on the whole cluster
 * and tables are replicated; without it they run on each shard. Which of the two is decided when the database is made.
 * @returns the migrations that some shard lacked
 * @throws ClickHouseMigrationError when an applied file was changed, the database is newer than this program, or a statement failed
 * @throws InvalidClickHouseOptions, ClickHouseUnavailable
 */
export async function migrateClickHouse(options: MigrateClickHouseOptions): Promise<ClickHouseMigration[]> {
  const known = readMigrations(options.folder);
  const { cluster } = compileClickHouseOptions(options.connection);
  await inDatabase({ ...options.connection, database: 'system' }, (all) => makeDatabase(all, options.connection));
  return inDatabase(options.connection, async (all) => {
    const first = all.shards[0]?.[0];
    if (first === undefined) return [];
    return withLock(first, options.clock, async () => {
      const topology: Topology = { cluster, replicated: cluster !== null && (await isReplicated(first)) };
      const applied = new Set<ClickHouseMigration>();
      for (const [shard, replicas] of all.shards.entries()) {
        for (const migration of await applyMissing(replicas, { known, topology })) {
          options.onProgress?.({ migration, shard });
          applied.add(migration);
        }
      }
      return [...applied];
    });
  });
}

async function inDatabase<T>(options: ClickHouseOptions, work: (all: ClickHouse) => Promise<T>): Promise<T> {
  const all = connectClickHouse(options);
  try {
    return await work(all);
  } finally {
    await all.close();
  }
}

async function makeDatabase(all: ClickHouse, { database = 'productgraph' }: ClickHouseOptions): Promise<void> {
  for (const node of all.shards.flat()) await node.command({ sql: `CREATE DATABASE IF NOT EXISTS ${database}` });
}

/** As the tables that are there say; in a new database, whether there is Keeper. */
async function isReplicated(node: ClickHouseNode): Promise<boolean> {
  const [row] = await node.rows<{ engine: string; keeper: number }>({
    sql: `SELECT
      (SELECT any(engine) FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations') AS engine,
      (SELECT count() FROM system.tables WHERE database = 'system' AND name = 'zookeeper') AS keeper`,
  });
  if (row === undefined) return false;
  return row.engine === '' ? row.keeper > 0 : row.engine.startsWith('Replicated');
}

interface Applying {
  readonly known: readonly ClickHouseMigration[];
  readonly topology: Topology;
}

/** Every replica runs the statements, unless the cluster does it by itself. */
async function applyMissing(
  replicas: readonly ClickHouseNode[],
  { known, topology }: Applying,
): Promise<ClickHouseMigration[]> {
  const [first] = replicas;
  if (first === undefined) return [];
  const nodes = topology.replicated ? [first] : replicas;
  for (const node of nodes) await runAll(node, renderStatements(HISTORY, topology));
  const applied = await first.rows<AppliedMigration>({
    sql: 'SELECT version, name, checksum FROM schema_migrations FINAL ORDER BY version',
  });
  const missing = missingOf(known, applied);
  for (const migration of missing) {
    try {
      for (const node of nodes) await runAll(node, renderStatements(migration.template, topology));
    } catch (error) {
      throw new ClickHouseMigrationError(`Migration ${fileOf(migration)} failed at ${first.name}: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    for (const node of nodes) await record(node, migration);
  }
  return missing;
}

async function runAll(node: ClickHouseNode, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await node.command({ sql, settings: { distributed_ddl_task_timeout: '120' } });
}

async function record(node: ClickHouseNode, { version, name, checksum }: ClickHouseMigration): Promise<void> {
  await node.command({
    sql: 'INSERT INTO schema_migrations (version, name, checksum) SELECT {version:UInt32}, {name:String}, {checksum:String}',
    params: { version, name, checksum },
  });
}
