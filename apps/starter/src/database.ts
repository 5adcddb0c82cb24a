import { totalmem } from 'node:os';
import { defaultDataDir, makeDataFolder, startEmbeddedPostgres } from '@productgraph/adapter-postgres';
import { checkPostgres, type CheckedPostgres } from '@productgraph/assembly-servers';
import type { Clock } from '@productgraph/kernel';
import type { Telemetry } from '@productgraph/platform-telemetry';
import type { StarterConfig } from './config.ts';

/** A PostgreSQL that can be used. */
export interface Database extends CheckedPostgres {
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
    return { ...(await checkPostgres(databaseUrl)), stop: () => Promise.resolve() };
  }
  const began = clock.now();
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    memoryBytes: memory(),
    onLog: (line) => telemetry.postgres.serverSaid({ line }),
  });
  telemetry.postgres.serverStarted({ folder, port: server.port, seconds: (clock.now() - began) / 1000 });
  return { ...(await checkPostgres(server.url)), stop: () => server.stop() };
}

/** Of the container where there is one, else of the machine. */
function memory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
