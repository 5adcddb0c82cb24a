import { GraphqlApiModule, type ReplayQuarantine } from '@productgraph/delivery-graphql-api';
import { createIngest, registerIngest } from '@productgraph/delivery-ingest-http';
import type { EventLog } from '@productgraph/kernel';
import { createHttpServer, mountNest } from '@productgraph/platform-runtime';
import type { StarterConfig } from './config.ts';
import { createImportDesk, createUsageReader } from './desk.ts';
import { healthReport, watchParts } from './health.ts';
import type { Base, Group, Ports } from './ports.ts';
import { PRODUCER } from './processors.ts';

export interface HttpNeeds {
  readonly config: StarterConfig;
  readonly log: EventLog & { memory(): { readonly pendingBytes: number } };
  readonly ports: Ports;
  readonly groups: readonly Group[];
}

/** The port is open. */
export interface OpenHttp {
  readonly url: string;
  stop(): Promise<void>;
}

/** One port for everything: raw ingest routes, GraphQL through Nest, health and metrics. */
export async function openHttp(base: Base, needs: HttpNeeds): Promise<OpenHttp> {
  const { clock, telemetry, tracing, readiness } = base;
  const { config, log, ports, groups } = needs;
  const { host, port, drainDelayMs } = config.server;
  const facts = telemetry.process;
  watchParts(readiness, { ports, log, groups });
  const metrics = (): ReturnType<typeof telemetry.metrics> => telemetry.metrics();
  const server = createHttpServer({
    host,
    port,
    clock,
    tracing: tracing.value,
    facts,
    metrics,
    readiness,
    drainDelayMs,
  });
  const ingest = createIngest({
    log,
    keys: ports.keys,
    usage: createUsageReader(ports),
    clock,
    facts: telemetry.ingest,
    producer: PRODUCER,
  });
  const desk = createImportDesk({ ...ports, clock });
  await registerIngest(server.fastify, { ingest, desk, clock, facts: telemetry.ingest });
  const replay: ReplayQuarantine = (entries) => ingest.replay(entries);
  await mountNest(graphql(base, { ...needs, replay }), { fastify: server.fastify, logger: telemetry.logger, facts });
  return { url: await server.listen(), stop: () => server.stop() };
}

function graphql({ clock, telemetry, readiness }: Base, needs: HttpNeeds & { replay: ReplayQuarantine }) {
  const { ports, groups, replay, config } = needs;
  const { timeoutMs: timeMs, maxRows: rows } = config.query;
  return GraphqlApiModule.forRoot({
    queryEngine: ports.queryEngine,
    tenants: ports.tenants,
    keys: ports.keys,
    ledger: ports.ledger,
    clock,
    replay,
    health: () => healthReport(readiness, groups),
    settledUpTo: (_orgId, projectId) => ports.settlement.settledUpTo(projectId),
    facts: telemetry.graphql,
    limits: { query: { timeMs, rows }, requestTimeoutMs: timeMs + 5_000 },
  });
}
