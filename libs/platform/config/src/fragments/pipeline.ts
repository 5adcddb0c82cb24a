import { choice, flag, list, number, optionalText, optionalUrl, requiredUrl, text } from '../setting.ts';
import { dataSettings } from './data.ts';
import { logSettings } from './tuning.ts';

/** PostgreSQL of Growth and Scale: metadata, ledger, heads of the event-writer. */
export const postgresSettings = {
  url: requiredUrl('DATABASE_URL', ['postgres', 'postgresql'], {
    secret: true,
    about: 'PostgreSQL 16 or newer: the primary.',
  }),
  replicaUrl: optionalUrl('DATABASE_REPLICA_URL', ['postgres', 'postgresql'], {
    secret: true,
    about: 'A streaming replica for reads that may lag; without it the primary serves them.',
  }),
  apiConnections: dataSettings.apiConnections,
  writerConnections: dataSettings.writerConnections,
} as const;

/** Who brings schemas and topics up to date. */
export const schemaSettings = {
  migrate: flag('MIGRATE', {
    fallback: true,
    about:
      'Brings PostgreSQL, ClickHouse and topics up to date at the start, under locks; 0 = only checks, another process does it.',
  }),
} as const;

/** Kafka as the event log. Topic settings are the same for every process of a deployment. */
export const kafkaSettings = {
  brokers: list('KAFKA_BROKERS', {
    each: 'host:port',
    pattern: /^[^\s:]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/i,
    about: 'Some brokers, from which the others are learnt.',
  }),
  prefix: text('KAFKA_TOPIC_PREFIX', {
    fallback: 'pg.',
    allowed: '1 to 60 of letters, digits, ".", "_" and "-"',
    max: 60,
    about: 'Begins the names of topics and groups.',
  }),
  rack: optionalText('KAFKA_RACK', {
    shown: 'not set',
    allowed: 'a zone as in the brokers’ broker.rack',
    about: 'Zone of this process: records are fetched from a replica there.',
  }),
  tls: flag('KAFKA_TLS', { fallback: false, about: 'Connects to the brokers with TLS.' }),
  tlsCa: optionalText('KAFKA_TLS_CA', {
    shown: 'Node’s own authorities',
    allowed: 'a PEM file',
    about: 'Authorities that sign the brokers’ certificates.',
  }),
  saslMechanism: choice('KAFKA_SASL_MECHANISM', ['none', 'plain', 'scram-sha-256', 'scram-sha-512'], {
    fallback: 'none',
    about: 'How this process logs in to the brokers.',
  }),
  saslUsername: optionalText('KAFKA_SASL_USERNAME', {
    shown: 'not set',
    allowed: 'a user name',
    about: 'User of the log-in.',
  }),
  saslPassword: optionalText('KAFKA_SASL_PASSWORD', {
    shown: 'not set',
    allowed: 'a password',
    secret: true,
    about: 'Password of the log-in.',
  }),
  partitions: number('KAFKA_PARTITIONS', {
    fallback: 12,
    min: 1,
    max: 1_000,
    about: 'Partitions of each topic, fixed for its generation.',
  }),
  generation: number('KAFKA_TOPIC_GENERATION', {
    fallback: 1,
    min: 1,
    max: 1_000_000,
    about: 'Raised when topics are made anew or get another number of partitions.',
  }),
  replicationFactor: number('KAFKA_REPLICATION_FACTOR', {
    fallback: 3,
    min: 1,
    max: 9,
    about: 'Copies of each partition.',
  }),
  minInSync: number('KAFKA_MIN_IN_SYNC', {
    fallback: 2,
    min: 1,
    max: 9,
    about: 'Copies that must have a record before it is acknowledged; at most the number of copies.',
  }),
  dedupeWindow: number('LOG_DEDUPE_WINDOW', {
    fallback: 250_000,
    min: 1_000,
    max: 5_000_000,
    unit: 'events per partition',
    about:
      'How far back a resent event is recognised in the log; fixed for a generation. 18 bytes an event and processor.',
  }),
  retentionHours: number('LOG_RETENTION_HOURS', {
    fallback: 72,
    min: 1,
    max: 8_760,
    unit: 'hours',
    about: 'How long the log keeps records.',
  }),
  maxPendingMb: logSettings.maxPendingMb,
} as const;

/** Redis for the state of processors and what processes share. */
export const redisSettings = {
  urls: list('REDIS_URLS', {
    each: 'redis://user:password@host:6379 (rediss:// with TLS)',
    pattern: /^rediss?:\/\/\S+$/,
    secret: true,
    about: 'The node, or some nodes of the cluster.',
  }),
  mode: choice('REDIS_MODE', ['auto', 'single', 'cluster'], {
    fallback: 'auto',
    about: 'auto = a cluster when REDIS_URLS names several nodes.',
  }),
  prefix: text('REDIS_PREFIX', {
    fallback: 'pg',
    allowed: '1 to 40 of letters, digits, ".", "_" and "-"',
    max: 40,
    about: 'Begins every key and channel.',
  }),
} as const;

/** ClickHouse as the event store. */
export const clickhouseSettings = {
  urls: list('CLICKHOUSE_URLS', {
    each: 'http://host:8123 (https:// with TLS), replicas of a shard separated by “|”',
    pattern: /^https?:\/\/\S+$/,
    secret: true,
    about: 'One address per shard, in the order of the cluster’s shards.',
  }),
  cluster: optionalText('CLICKHOUSE_CLUSTER', {
    shown: 'not set: one server',
    allowed: 'a name in system.clusters',
    about: 'Cluster whose shards these are.',
  }),
  database: text('CLICKHOUSE_DATABASE', {
    fallback: 'productgraph',
    allowed: 'a name of letters, digits and "_"',
    max: 60,
    about: 'Database of the tables.',
  }),
  username: text('CLICKHOUSE_USER', { fallback: 'default', allowed: 'a user name', about: 'User to log in as.' }),
  password: optionalText('CLICKHOUSE_PASSWORD', {
    shown: 'not set',
    allowed: 'a password',
    secret: true,
    about: 'Password of the log-in.',
  }),
  spread: list('CLICKHOUSE_SPREAD_PROJECTS', {
    each: 'the id of a project',
    pattern: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    max: 10_000,
    fallback: [],
    about:
      'Projects too large for one shard: their rows are spread over all by user. Named before their first event, for every process alike.',
  }),
} as const;
