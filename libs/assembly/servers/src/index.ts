export { explainServerFault } from './explain.ts';
export {
  clickhousePart,
  redisPart,
  serverParts,
  type PartsOptions,
  type ServerConfig,
  type ServerParts,
} from './parts.ts';
export { intakePart, type OpenIntake, type SpoolSettings } from './spool.ts';
export {
  checkPostgres,
  openMetadata,
  openPools,
  prepareSchema,
  type CheckedPostgres,
  type Metadata,
  type PoolSettings,
} from './postgres.ts';
