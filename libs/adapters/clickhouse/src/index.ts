export { checkClickHouse, ClickHouseUnusable } from './check-server.ts';
export { connectClickHouse, type ClickHouse } from './client/connection.ts';
export { type ClickHouseOptions } from './options.ts';
export { migrateClickHouse } from './schema/migrate.ts';
export { clickhouseMigrationsFolder } from './schema/migrations.ts';
