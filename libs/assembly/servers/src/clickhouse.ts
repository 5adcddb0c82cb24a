import {
  checkClickHouse,
  connectClickHouse,
  migrateClickHouse,
  type ClickHouse,
  type ClickHouseOptions,
} from '@productgraph/adapter-clickhouse';
import type { Base } from '@productgraph/assembly-process';
import type { clickhouseSettings, ConfigOf } from '@productgraph/platform-config';

export type ClickHouseSettings = ConfigOf<{ clickhouse: typeof clickhouseSettings }>['clickhouse'];

export interface PrepareClickHouse {
  /** Bound on one call, milliseconds. Default: the adapter's. */
  readonly timeoutMs?: number;
  /** Of the migrations. */
  readonly folder: string;
  readonly migrate: boolean;
}

/**
 * Checks every server, brings its tables up to date unless others do so, and connects.
 * @throws InvalidClickHouseOptions, ClickHouseUnusable, ClickHouseMigrationError, ClickHouseUnavailable
 */
export async function openClickHouse(
  { clock, telemetry }: Base,
  settings: ClickHouseSettings,
  { folder, migrate, timeoutMs }: PrepareClickHouse,
): Promise<ClickHouse> {
  const connection = connectionOf(settings);
  const { version } = await checkClickHouse(connection);
  if (migrate) {
    const applied = await migrateClickHouse({ connection, folder, clock });
    telemetry.process.storeMigrated({ store: 'ClickHouse', version, applied: applied.map(({ name }) => name) });
  }
  return connectClickHouse({ ...connection, ...(timeoutMs !== undefined && { timeoutMs }) });
}

function connectionOf({ urls, cluster, database, username, password }: ClickHouseSettings): ClickHouseOptions {
  return {
    urls,
    database,
    username,
    ...(cluster !== null && { cluster }),
    ...(password !== null && { password }),
  };
}
