export { checkClickHouse, ClickHouseUnusable } from './check-server.ts';
export { connectClickHouse, type ClickHouse } from './client/connection.ts';
export { ClickHouseUnavailable } from './client/faults.ts';
export { createClickHouseEventFinder } from './ledger/find-event.ts';
export { InvalidClickHouseOptions, type ClickHouseOptions } from './options.ts';
export { createClickHouseQueryEngine, type ClickHouseQueryDeps } from './query/engine.ts';
export { migrateClickHouse } from './schema/migrate.ts';
export { ClickHouseMigrationError, clickhouseMigrationsFolder } from './schema/migrations.ts';
