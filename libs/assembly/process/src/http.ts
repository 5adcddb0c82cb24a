import { GraphqlApiModule, type GraphqlApiDeps, type HealthReport } from '@productgraph/delivery-graphql-api';
import { createIngest, registerIngest, type Ingest } from '@productgraph/delivery-ingest-http';
import type { LedgerStore } from '@productgraph/domain-ledger';
import type { QueryEngine } from '@productgraph/domain-query';
import type { SettlementProgress } from '@productgraph/domain-session';
import type { KeyDirectory, SharedRates, TenantStore } from '@productgraph/domain-tenant';
import type { LogIntake } from '@productgraph/kernel';
import type { ConfigOf, querySettings, serverSettings } from '@productgraph/platform-config';
import { createHttpServer, mountNest, type HttpServer } from '@productgraph/platform-runtime';
import type { Base } from './base.ts';
import { createImportDesk, createUsageReader } from './desk.ts';

export type ServerSettings = ConfigOf<{ server: typeof serverSettings }>['server'];
export type QuerySettings = ConfigOf<{ query: typeof querySettings }>['query'];

/** The one port of a process with health, readiness and metrics; it opens with `listen`. */
export function createServer(base: Base, { host, port, drainDelayMs }: ServerSettings): HttpServer {
  const { clock, telemetry, tracing, readiness } = base;
  return createHttpServer({
    host,
    port,
    clock,
    tracing: tracing.value,
    facts: telemetry.process,
    metrics: () => telemetry.metrics(),
    readiness,
    drainDelayMs,
  });
}

export interface IngestNeeds {
  readonly log: LogIntake;
  readonly keys: KeyDirectory;
  readonly ledger: Pick<LedgerStore, 'rows'>;
  readonly settlement: Pick<SettlementProgress, 'request'>;
  /** Where several processes share the rates of projects. */
  readonly rates?: SharedRates;
  /** Name of this process in the records it writes. */
  readonly producer: string;
}

/** What takes events, whether they come over HTTP or out of quarantine. */
export function ingestOf({ clock, telemetry }: Base, needs: IngestNeeds): Ingest {
  const { log, keys, ledger, producer, rates } = needs;
  const usage = createUsageReader({ ledger });
  const shared = rates !== undefined && { rates };
  return createIngest({ log, keys, usage, ...shared, clock, facts: telemetry.ingest, producer });
}

/** Raw ingest and import routes. */
export async function mountIngest(
  base: Base,
  { fastify }: HttpServer,
  needs: Pick<IngestNeeds, 'ledger' | 'settlement'> & { readonly ingest: Ingest },
): Promise<void> {
  const { clock, telemetry } = base;
  const desk = createImportDesk({ ledger: needs.ledger, settlement: needs.settlement, clock });
  await registerIngest(fastify, { ingest: needs.ingest, desk, clock, facts: telemetry.ingest });
}

export interface GraphqlNeeds {
  readonly queryEngine: QueryEngine;
  readonly tenants: TenantStore;
  readonly keys: KeyDirectory;
  readonly ledger: LedgerStore;
  readonly settlement: Pick<SettlementProgress, 'settledUpTo'>;
  readonly ingest: Pick<Ingest, 'replay'>;
  readonly query: QuerySettings;
  /** Told of each key that was changed, for caches of other processes. */
  readonly keyChanged?: (keyId: string) => void;
  readonly health: () => Promise<HealthReport>;
}

/** GraphQL and its explorer, through Nest. */
export async function mountGraphql(base: Base, { fastify }: HttpServer, needs: GraphqlNeeds): Promise<void> {
  const { clock, telemetry } = base;
  const { timeoutMs: timeMs, maxRows: rows } = needs.query;
  const deps: GraphqlApiDeps = {
    queryEngine: needs.queryEngine,
    tenants: needs.tenants,
    keys: needs.keys,
    ledger: needs.ledger,
    clock,
    replay: (entries) => needs.ingest.replay(entries),
    health: needs.health,
    settledUpTo: (_orgId, projectId) => needs.settlement.settledUpTo(projectId),
    facts: telemetry.graphql,
    ...(needs.keyChanged !== undefined && { keyChanged: needs.keyChanged }),
    limits: { query: { timeMs, rows }, requestTimeoutMs: timeMs + 5_000 },
  };
  await mountNest(GraphqlApiModule.forRoot(deps), {
    fastify,
    logger: telemetry.logger,
    facts: telemetry.process,
  });
}
