import { clickhouseMigrationsFolder, type ClickHouse } from '@productgraph/adapter-clickhouse';
import type { KafkaLog } from '@productgraph/adapter-kafka';
import { migrationsFolder } from '@productgraph/adapter-postgres';
import type { RedisConnection } from '@productgraph/adapter-redis';
import type { Base } from '@productgraph/assembly-process';
import type { FindEvent } from '@productgraph/domain-ledger';
import type { ConfigOf, postgresSettings, schemaSettings } from '@productgraph/platform-config';
import { part, type Part } from '@productgraph/platform-runtime';
import { openClickHouse, type ClickHouseSettings } from './clickhouse.ts';
import { openKafkaLog, type KafkaSettings } from './kafka.ts';
import {
  checkPostgres,
  openMetadata,
  openPools,
  prepareSchema,
  type CheckedPostgres,
  type Metadata,
  type OpenedPools,
} from './postgres.ts';
import { openRedis, type RedisSettings } from './redis.ts';

/** Settings that every process of Growth and Scale has. */
export type ServerConfig = ConfigOf<{ schema: typeof schemaSettings; postgres: typeof postgresSettings }> & {
  readonly kafka: KafkaSettings;
};

/** Parts that every process of Growth and Scale has, in the order of their start. */
export interface ServerParts {
  readonly postgres: Part<CheckedPostgres>;
  readonly schema: Part<void>;
  readonly pools: Part<OpenedPools>;
  readonly metadata: Part<Metadata>;
  readonly log: Part<KafkaLog>;
}

export interface PartsOptions {
  /** Name of the process for the brokers. */
  readonly producer: string;
  /** Folder of the process's program, beside which its migrations are. */
  readonly program: string;
  /** Asked for when metadata are opened. Default: events are in PostgreSQL. */
  readonly findEvent?: () => FindEvent;
}

const stop = (it: { stop(): Promise<void> }): Promise<void> => it.stop();
const end = (it: { end(): Promise<void> }): Promise<void> => it.end();
const close = (it: { close(): Promise<void> }): Promise<void> => it.close();

/** PostgreSQL with its schema, connections and ports, and the log on Kafka. */
export function serverParts(base: Base, config: ServerConfig, options: PartsOptions): ServerParts {
  const { telemetry, clock } = base;
  const { producer, program, findEvent } = options;
  const { migrate } = config.schema;
  const postgres = part('PostgreSQL', () => checkPostgres(config.postgres.url));
  const schema = part('schema', () =>
    prepareSchema(postgres.value, { folder: migrationsFolder(program), migrate, telemetry }),
  );
  const pools = part('connections', () => openPools(config.postgres, telemetry), end);
  const found = (): { findEvent?: FindEvent } => (findEvent === undefined ? {} : { findEvent: findEvent() });
  const metadata = part('metadata', () => openMetadata(pools.value, { clock, ...found() }), end);
  const kafka = { clientId: producer, createTopics: migrate };
  const log = part('event log', () => openKafkaLog(base, config.kafka, kafka), stop);
  return { postgres, schema, pools, metadata, log };
}

/** Longest bound on one call that the adapter takes, milliseconds. */
const LONGEST_CALL_MS = 600_000;

/** ClickHouse, checked and up to date. @param queryMs how long its longest question may take; default: the adapter's bound */
export function clickhousePart(
  base: Base,
  config: Pick<ServerConfig, 'schema'> & { readonly clickhouse: ClickHouseSettings },
  { program, queryMs }: Pick<PartsOptions, 'program'> & { readonly queryMs?: number },
): Part<ClickHouse> {
  const bound = queryMs === undefined ? {} : { timeoutMs: Math.min(queryMs + 5_000, LONGEST_CALL_MS) };
  const open = (): Promise<ClickHouse> => {
    const { migrate } = config.schema;
    return openClickHouse(base, config.clickhouse, { folder: clickhouseMigrationsFolder(program), migrate, ...bound });
  };
  return part('ClickHouse', open, close);
}

/** Redis, checked. */
export function redisPart({ telemetry }: Base, config: { readonly redis: RedisSettings }): Part<RedisConnection> {
  return part('Redis', () => openRedis(config.redis, telemetry), close);
}
