export { createIngest, type Ingest, type IngestDeps, type IngestRequest, type ReplayOutcome } from './ingest.ts';
export type { UnreadableLine } from './unreadable.ts';
export { registerIngest, type IngestRoutes } from './register.ts';
export type { ImportCounts, ImportDesk } from './import-routes.ts';
export type { UsageReader } from './quota.ts';
