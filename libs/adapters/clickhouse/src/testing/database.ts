import { systemClock } from '@productgraph/testing';
import { testStack } from '@productgraph/tools/stack';
import { connectClickHouse, type ClickHouse } from '../client/connection.ts';
import type { ClickHouseOptions } from '../options.ts';
import { migrateClickHouse } from '../schema/migrate.ts';
import { MIGRATIONS } from './migrations.ts';

/** Options for the shards of the tests' stack. @throws outside of a run with `vitest.stack.config.ts` */
export function testOptions(database: string): ClickHouseOptions {
  const { CLICKHOUSE_URLS = '', CLICKHOUSE_CLUSTER = '' } = testStack().settings;
  return { urls: CLICKHOUSE_URLS.split(','), cluster: CLICKHOUSE_CLUSTER, database };
}

/** A name that no other suite has. */
export const someDatabase = (): string => `spec_${Math.random().toString(36).slice(2)}`;

export interface TestDatabase {
  readonly all: ClickHouse;
  readonly options: ClickHouseOptions;
  /** Empties every table. */
  clear(): Promise<void>;
  /** Drops the database. */
  close(): Promise<void>;
}

/** A migrated database of its own on both shards. */
export async function openTestDatabase(fields: Partial<ClickHouseOptions> = {}): Promise<TestDatabase> {
  const options = { ...testOptions(someDatabase()), ...fields };
  await migrateClickHouse({ connection: options, folder: MIGRATIONS, clock: systemClock });
  const all = connectClickHouse(options);
  const everywhere = async (sql: string): Promise<void> => {
    for (const node of all.shards.flat()) await node.command({ sql });
  };
  return {
    all,
    options,
    clear: async () => {
      for (const table of ['events_local', 'sessions_local']) await everywhere(`TRUNCATE TABLE ${table} SYNC`);
    },
    close: async () => {
      await everywhere(`DROP DATABASE IF EXISTS ${options.database ?? ''} SYNC`);
      await all.close();
    },
  };
}
