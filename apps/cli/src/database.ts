import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import {
  checkServer,
  createPools,
  createPostgresTenantOverview,
  defaultDataDir,
  openPostgresTenantStore,
  primaryReads,
  startEmbeddedPostgres,
  type Pools,
} from '@productgraph/adapter-postgres';
import type { TenantOverview, TenantStore } from '@productgraph/domain-tenant';
import { readRunNote, systemClock, type RunNote } from '@productgraph/platform-runtime';
import type { CliConfig } from './config.ts';
import { CliFault } from './fault.ts';

/** Where the database is, and how to leave it. */
export interface DatabasePlace {
  readonly url: string;
  readonly from: 'DATABASE_URL' | 'running server' | 'started for this command';
  leave(): Promise<void>;
}

/** The data folder in force. */
export function dataFolder(config: CliConfig): string {
  return config.data.folder ?? defaultDataDir(process.cwd());
}

/** The process that runs on the data folder; null when none does. */
export function runningServer(config: CliConfig): RunNote | null {
  return readRunNote(dataFolder(config));
}

/**
 * Finds the database: DATABASE_URL, else the embedded server of the running process, else the embedded server started for
 * as long as the command takes.
 * @throws CliFault when there is none yet
 */
export async function findDatabase(config: CliConfig): Promise<DatabasePlace> {
  const { databaseUrl } = config.data;
  if (databaseUrl !== null) return { url: databaseUrl, from: 'DATABASE_URL', leave: () => Promise.resolve() };
  const note = runningServer(config);
  if (note !== null) return { url: note.databaseUrl, from: 'running server', leave: () => Promise.resolve() };
  const folder = dataFolder(config);
  if (!existsSync(join(folder, 'pgdata'))) {
    throw new CliFault(`There is no database in ${folder} yet: run "npm start" once, or set DATABASE_URL or DATA_DIR.`);
  }
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    memoryBytes: totalmem(),
    onLog: () => undefined,
  });
  return { url: server.url, from: 'started for this command', leave: () => server.stop() };
}

/** What commands do with tenants. */
export interface Tenants {
  readonly store: TenantStore;
  readonly overview: TenantOverview;
  readonly pools: Pools;
}

/** Opens the database for one piece of work. */
export async function withTenants<T>(config: CliConfig, work: (tenants: Tenants) => Promise<T>): Promise<T> {
  const place = await findDatabase(config);
  try {
    await checkServer(place.url);
    const pools = createPools({ url: place.url, appConnections: 2, writerConnections: 2 });
    const store = await openPostgresTenantStore({ url: place.url, clock: systemClock, connections: 1 });
    try {
      return await work({ store, overview: createPostgresTenantOverview(primaryReads(pools.app)), pools });
    } finally {
      await store.end();
      await pools.end();
    }
  } finally {
    await place.leave();
  }
}
