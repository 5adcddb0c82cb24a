export {
  defaultDataDir,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './server/embedded.ts';
export { EmbeddedPostgresError } from './server/faults.ts';
export { isCancelled, isRetryable } from './faults.ts';
export { migrate, MigrationError, migrationsFolder, type MigrateOptions, type Migration } from './migrate.ts';
export {
  createPools,
  withTransaction,
  type PgRole,
  type PoolOptions,
  type Pools,
  type TransactionOptions,
} from './pool.ts';
export { checkServer, DatabaseUnusable, MINIMUM_VERSION } from './check-server.ts';
export { acquireInstanceLock, AlreadyRunning, type InstanceLock, type InstanceLockOptions } from './instance-lock.ts';
export { createPostgresLog, type PostgresLog, type PostgresLogOptions } from './log/event-log.ts';
export { createPostgresStateStore } from './state/state-store.ts';
export { createPostgresSettlementProgress } from './settlement/settlement-progress.ts';
