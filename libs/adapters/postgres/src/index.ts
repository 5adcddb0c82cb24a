export {
  defaultDataDir,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './server/embedded.ts';
export { EmbeddedPostgresError } from './server/faults.ts';
export { makeDataFolder } from './server/folder.ts';
export {
  checkMigrated,
  migrate,
  MigrationError,
  migrationsFolder,
  type MigrateOptions,
  type Migration,
} from './migrate.ts';
export { createPools, type PgRole, type PoolOptions, type Pools, type TransactionOptions } from './pool.ts';
export { createReadPool, primaryReads, type ReadPool, type ReadPoolOptions, type ReplicaState } from './read-pool.ts';
export { checkServer, DatabaseUnusable } from './check-server.ts';
export { acquireInstanceLock, AlreadyRunning, type InstanceLock, type InstanceLockOptions } from './instance-lock.ts';
export { createPostgresLog, type PostgresLog, type PostgresLogOptions } from './log/event-log.ts';
export { createPostgresStateStore } from './state/state-store.ts';
export { createPostgresSettlementProgress } from './settlement/settlement-progress.ts';
export { missingGrants } from './diagnosis/grants.ts';
export { readMigrationState, readServerTime, type MigrationState } from './diagnosis/health.ts';
export { readLedgerSums, readStages, type GroupStage, type LedgerSums, type LogStage } from './diagnosis/stages.ts';
export { readUnknownProjects, type UnknownProject } from './diagnosis/unknown-projects.ts';
export { createPostgresEventStore, type EventStoreOptions } from './event-store/event-store.ts';
export {
  createStoreMaintenance,
  type MaintenanceOptions,
  type MaintenanceReport,
  type StoreMaintenance,
} from './event-store/maintenance.ts';
export { createPostgresBlockJournal, type BlockJournalOptions } from './journal/journal.ts';
export { createMonths, type MonthlyTable, type Months } from './event-store/months.ts';
export { createPostgresLedgerStore } from './ledger/ledger-store.ts';
export { maintainLedger, type PruneReport } from './ledger/prune.ts';
export {
  createPostgresKeyDirectory,
  createPostgresProjectDirectory,
  createPostgresTenantOverview,
} from './tenant/directories.ts';
export { openPostgresTenantStore, type PostgresTenantStore, type TenantStoreOptions } from './tenant/tenant-store.ts';
export { createPostgresQueryEngine, type PostgresQueryDeps } from './query/engine.ts';
