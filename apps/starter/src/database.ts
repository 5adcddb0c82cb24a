import { totalmem } from 'node:os';
import {
  checkServer,
  defaultDataDir,
  makeDataFolder,
  migrate,
  migrationsFolder,
  startEmbeddedPostgres,
} from '@productgraph/adapter-postgres';
import type { Clock } from '@productgraph/kernel';
import type { Telemetry } from '@productgraph/platform-telemetry';
import type { StarterConfig } from './config.ts';

/** A PostgreSQL that can be used. */
export interface Database {
  readonly url: string;
  /** Of the server. */
  readonly version: string;
  stop(): Promise<void>;
}

/** The data folder in force. */
export function dataFolder({ data }: StarterConfig): string {
  return data.folder ?? defaultDataDir(process.cwd());
}

/** DATABASE_URL, or the embedded server in the data folder; checked either way. */
export async function openDatabase(
  config: StarterConfig,
  { telemetry, clock }: { telemetry: Telemetry; clock: Clock },
): Promise<Database> {
  const { databaseUrl } = config.data;
  const folder = dataFolder(config);
  if (databaseUrl !== null) {
    // For the note of the running process.
    makeDataFolder(folder);
    return { url: databaseUrl, ...(await checkServer(databaseUrl)), stop: () => Promise.resolve() };
  }
  const began = clock.now();
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    memoryBytes: memory(),
    onLog: (line) => telemetry.postgres.serverSaid({ line }),
  });
  telemetry.postgres.serverStarted({ folder, port: server.port, seconds: (clock.now() - began) / 1000 });
  const { version } = await checkServer(server.url);
  return { url: server.url, version, stop: () => server.stop() };
}

/** Of the container where there is one, else of the machine. */
function memory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Brings the database up to date. */
export async function prepareSchema({ url, version }: Database, telemetry: Telemetry): Promise<void> {
  const applied = await migrate({ url, folder: migrationsFolder(import.meta.dirname) });
  telemetry.postgres.migrated({ applied: applied.map(({ name }) => name), version });
}
