import { createRedisKeyChanges, createRedisSharedRates, type RedisConnection } from '@productgraph/adapter-redis';
import { createBase, createServer, ingestOf, mountIngest, type Base } from '@productgraph/assembly-process';
import { intakePart, redisPart, serverParts, type Metadata, type OpenIntake } from '@productgraph/assembly-servers';
import type { Ingest } from '@productgraph/delivery-ingest-http';
import { part, type PartState } from '@productgraph/platform-runtime';
import type { IngestionConfig } from './config.ts';

/* The parts list of ingestion: the only place where ports meet adapters; `flow.ts` says in which order. */

const PRODUCER = 'ingestion';

// The type is the list itself.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function wireIngestion(config: IngestionConfig) {
  const base = createBase(config.telemetry);
  const servers = serverParts(base, config, { producer: PRODUCER, program: import.meta.dirname });
  const { pools, metadata, log } = servers;
  const redis = redisPart(base, config);
  const intake = intakePart(base, config, log);
  const http = part(
    'http',
    () =>
      openHttp(base, {
        config,
        pendingBytes: () => log.value.memory().pendingBytes,
        intake: intake.value,
        metadata: metadata.value,
        redis: redis.value,
      }),
    stop,
  );
  const keyChanges = part(
    'key changes',
    () =>
      createRedisKeyChanges(redis.value).subscribe((keyId) => {
        // What is looked up next must not come from a replica that has not heard of it.
        pools.value.reads.seeWrites();
        http.value.ingest.keyCache.forget(keyId);
      }),
    (end) => end(),
  );
  return { ...base, ...servers, redis, intake, http, keyChanges };
}

const stop = (it: { stop(): Promise<void> }): Promise<void> => it.stop();

const behind = (error: unknown): PartState => ({
  state: 'behind',
  detail: error instanceof Error ? error.message : String(error),
});

interface HttpNeeds {
  readonly config: IngestionConfig;
  /** Bytes that wait in memory until the log has them. */
  readonly pendingBytes: () => number;
  readonly intake: OpenIntake;
  readonly metadata: Metadata;
  readonly redis: RedisConnection;
}

interface OpenHttp {
  readonly url: string;
  readonly ingest: Ingest;
  stop(): Promise<void>;
}

async function openHttp(base: Base, needs: HttpNeeds): Promise<OpenHttp> {
  const { config, pendingBytes, intake, metadata, redis } = needs;
  const { readiness } = base;
  // Events of known keys are taken while PostgreSQL is away: not ready would only send them to nobody.
  readiness.watch('database', () => metadata.ping().then(() => ({ state: 'ok' }), behind));
  readiness.watch('log', () => Promise.resolve({ state: 'ok', pendingBytes: pendingBytes() }));
  const { log, state } = intake;
  if (state !== null) readiness.watch('spool', () => Promise.resolve(state()));
  const server = createServer(base, config.server);
  const ingest = ingestOf(base, { ...metadata, log, rates: createRedisSharedRates(redis), producer: PRODUCER });
  await mountIngest(base, server, { ...metadata, ingest });
  return { url: await server.listen(), ingest, stop: () => server.stop() };
}
