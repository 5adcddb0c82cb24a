import {
  createServer,
  healthReport,
  ingestOf,
  mountGraphql,
  mountIngest,
  stateOfGroup,
  type Base,
  type GroupHealth,
} from '@productgraph/assembly-process';
import type { EventLog } from '@productgraph/kernel';
import type { HttpServer } from '@productgraph/platform-runtime';
import type { StarterConfig } from './config.ts';
import type { Ports } from './ports.ts';
import { PRODUCER } from './processors.ts';

export interface HttpNeeds {
  readonly config: StarterConfig;
  readonly log: EventLog & { memory(): { readonly pendingBytes: number } };
  readonly ports: Ports;
  readonly groups: readonly GroupHealth[];
}

/** The port is open. */
export interface OpenHttp {
  readonly url: string;
  stop(): Promise<void>;
}

/** One port for everything: raw ingest routes, GraphQL through Nest, health and metrics. */
export async function openHttp(base: Base, needs: HttpNeeds): Promise<OpenHttp> {
  const { config, log, ports, groups } = needs;
  const { readiness } = base;
  watchParts(base, needs);
  const server = createServer(base, config.server);
  const ingest = ingestOf(base, { ...ports, log, producer: PRODUCER });
  await mountIngest(base, server, { ...ports, ingest });
  const health = (): ReturnType<typeof healthReport> => healthReport(readiness, groups);
  greet(server);
  await mountGraphql(base, server, { ...ports, ingest, query: config.query, health });
  return { url: await server.listen(), stop: () => server.stop() };
}

/** The bare address: a browser is led to the explorer, anything else is told where things are. */
function greet({ fastify }: Pick<HttpServer, 'fastify'>): void {
  fastify.get('/', (request, reply) =>
    (request.headers.accept ?? '').includes('text/html')
      ? reply.redirect('/graphql')
      : reply.send({ product: 'ProductGraph', ingest: '/v1/events', graphql: '/graphql', ready: '/ready' }),
  );
}

/** What `/ready` looks at. Without database nothing can be served; a late processor only makes answers late. */
function watchParts({ readiness }: Base, { ports, log, groups }: HttpNeeds): void {
  readiness.watch('database', async () => {
    await ports.ping();
    return { state: 'ok' };
  });
  // The process does not come this far without them.
  readiness.watch('migrations', () => Promise.resolve({ state: 'ok' }));
  readiness.watch('log', () => Promise.resolve({ state: 'ok', pendingBytes: log.memory().pendingBytes }));
  for (const group of groups) readiness.watch(group.name, () => stateOfGroup(group));
}
