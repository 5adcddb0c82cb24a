import {
  checkMigrated,
  checkServer,
  createPools,
  createPostgresKeyDirectory,
  createPostgresLedgerStore,
  createPostgresProjectDirectory,
  createPostgresSettlementProgress,
  createPostgresTenantOverview,
  createReadPool,
  migrate,
  openPostgresTenantStore,
  readLedgerSums,
  readServerTime,
  type Pools,
  type ReadPool,
} from '@productgraph/adapter-postgres';
import type { LedgerSums } from '@productgraph/assembly-process';
import type { FindEvent, LedgerStore } from '@productgraph/domain-ledger';
import type { SettlementProgress } from '@productgraph/domain-session';
import type { KeyDirectory, ProjectDirectory, TenantOverview, TenantStore } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { Telemetry } from '@productgraph/platform-telemetry';

export interface PoolSettings {
  readonly url: string;
  readonly apiConnections: number;
  readonly writerConnections: number;
  /** Default: none. */
  readonly replicaUrl?: string | null;
}

/** Connections to the primary, and what reads that may lag go over. */
export interface OpenedPools extends Pools {
  readonly reads: ReadPool;
}

/** Connections to PostgreSQL, told to telemetry. */
export function openPools(settings: PoolSettings, { postgres }: Pick<Telemetry, 'postgres'>): OpenedPools {
  const { url, apiConnections: appConnections, writerConnections } = settings;
  let ended = false;
  // The pools end before their last sockets are closed; the server may close those first then.
  const onError = (error: Error): unknown => ended || postgres.connectionLost({ error });
  const pools = createPools({ url, appConnections, writerConnections, onError });
  for (const name of ['app', 'writer', 'statements'] as const) {
    postgres.poolOpened(name, () => {
      const { totalCount: total, idleCount: idle, waitingCount: waiting } = pools[name];
      return { total, idle, waiting };
    });
  }
  const reads = createReadPool({
    pools,
    replicaUrl: settings.replicaUrl ?? null,
    connections: appConnections,
    onState: (state) => postgres.replicaTurned({ state }),
  });
  return {
    ...pools,
    reads,
    end: async () => {
      ended = true;
      await Promise.all([reads.end(), pools.end()]);
    },
  };
}

/** A PostgreSQL that was checked. */
export interface CheckedPostgres {
  readonly url: string;
  /** Of the server. */
  readonly version: string;
}

/** @throws DatabaseUnusable */
export async function checkPostgres(url: string): Promise<CheckedPostgres> {
  return { url, ...(await checkServer(url)) };
}

/**
 * Brings the schema up to date, or checks that it is.
 * @param options.folder of the migrations
 * @throws MigrationError
 */
export async function prepareSchema(
  { url, version }: CheckedPostgres,
  options: { readonly folder: string; readonly migrate: boolean; readonly telemetry: Pick<Telemetry, 'postgres'> },
): Promise<void> {
  const { folder, telemetry } = options;
  if (!options.migrate) return checkMigrated({ url, folder });
  const applied = await migrate({ url, folder });
  telemetry.postgres.migrated({ applied: applied.map(({ name }) => name), version });
}

/** What is in PostgreSQL in every tier. */
export interface Metadata {
  readonly tenants: TenantStore;
  readonly keys: KeyDirectory;
  readonly projects: ProjectDirectory;
  readonly overview: TenantOverview;
  readonly ledger: LedgerStore;
  readonly settlement: SettlementProgress;
  /** Rejects when the database does not answer. */
  ping(): Promise<unknown>;
  readonly ledgerSums: LedgerSums;
  end(): Promise<void>;
}

export interface MetadataOptions {
  readonly clock: Clock;
  /** Where events are when another store keeps them. Default: in PostgreSQL. */
  readonly findEvent?: FindEvent;
}

/** Tenants, ledger and settlement as their ports. */
export async function openMetadata(pools: OpenedPools, options: MetadataOptions): Promise<Metadata> {
  const { reads } = pools;
  const { clock } = options;
  const tenants = await openPostgresTenantStore({ url: pools.url, clock });
  return {
    tenants,
    keys: createPostgresKeyDirectory(reads),
    projects: createPostgresProjectDirectory(pools.writer),
    overview: createPostgresTenantOverview(reads),
    ledger: createPostgresLedgerStore({ reads, ...options }),
    settlement: createPostgresSettlementProgress(pools),
    ping: () => readServerTime(pools),
    ledgerSums: (fromMinute) => readLedgerSums(pools, fromMinute),
    end: () => tenants.end(),
  };
}
