import {
  ClickHouseMigrationError,
  ClickHouseUnavailable,
  ClickHouseUnusable,
  InvalidClickHouseOptions,
} from '@productgraph/adapter-clickhouse';
import { InvalidKafkaOptions, TopicsDiffer } from '@productgraph/adapter-kafka';
import { DatabaseUnusable, MigrationError } from '@productgraph/adapter-postgres';
import { InvalidRedisOptions, RedisUnavailable, RedisUnusable } from '@productgraph/adapter-redis';
import { InvalidSpoolOptions, SpoolInUse } from '@productgraph/adapter-spool';
import { explainWith } from '@productgraph/assembly-process';
import { LogUnavailable } from '@productgraph/kernel';

/** Sentences for wrong settings and for servers that cannot be used; null = unknown here. */
export const explainServerFault = explainWith([
  DatabaseUnusable,
  MigrationError,
  InvalidKafkaOptions,
  TopicsDiffer,
  LogUnavailable,
  InvalidSpoolOptions,
  SpoolInUse,
  InvalidRedisOptions,
  RedisUnusable,
  RedisUnavailable,
  InvalidClickHouseOptions,
  ClickHouseUnusable,
  ClickHouseMigrationError,
  ClickHouseUnavailable,
]);
