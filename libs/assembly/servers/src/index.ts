export { openClickHouse, type ClickHouseSettings, type PrepareClickHouse } from './clickhouse.ts';
export { explainServerFault } from './explain.ts';
export { openKafkaLog, type KafkaSettings } from './kafka.ts';
export {
  checkPostgres,
  openMetadata,
  openPools,
  prepareSchema,
  type CheckedPostgres,
  type Metadata,
  type PoolSettings,
} from './postgres.ts';
export { openRedis, type RedisSettings } from './redis.ts';
