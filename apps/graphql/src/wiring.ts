import {
  createClickHouseEventFinder,
  createClickHouseQueryEngine,
  type ClickHouse,
} from '@productgraph/adapter-clickhouse';
import type { KafkaLog } from '@productgraph/adapter-kafka';
import { createRedisKeyChanges, type RedisConnection } from '@productgraph/adapter-redis';
import {
  createBase,
  createServer,
  healthReport,
  ingestOf,
  mountGraphql,
  type Base,
} from '@productgraph/assembly-process';
import { clickhousePart, redisPart, serverParts, type Metadata } from '@productgraph/assembly-servers';
import type { FindEvent } from '@productgraph/domain-ledger';
import { part } from '@productgraph/platform-runtime';
import { EVENT_WRITER_GROUP, EVENT_WRITER_TOPICS } from '@productgraph/processor-event-writer';
import { SESSION_GROUP, SESSION_TOPICS } from '@productgraph/processor-session';
import type { GraphqlConfig } from './config.ts';

/* The parts list of graphql: the only place where ports meet adapters; `flow.ts` says in which order. */

const PRODUCER = 'graphql';

// The type is the list itself.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function wireGraphql(config: GraphqlConfig) {
  const base = createBase(config.telemetry);
  const program = import.meta.dirname;
  const clickhouse = clickhousePart(base, config, { program, queryMs: config.query.timeoutMs });
  const findEvent = (): FindEvent => createClickHouseEventFinder(clickhouse.value);
  const servers = serverParts(base, config, { producer: PRODUCER, program, findEvent });
  const { metadata, log } = servers;
  const redis = redisPart(base, config);
  const http = part(
    'http',
    () => {
      const stores = { metadata: metadata.value, clickhouse: clickhouse.value, redis: redis.value, log: log.value };
      return openHttp(base, config, stores);
    },
    stop,
  );
  return { ...base, ...servers, clickhouse, redis, http };
}

const stop = (it: { stop(): Promise<void> }): Promise<void> => it.stop();

/** The groups of other processes, as the brokers know them. */
const groupsOf = (log: KafkaLog): { lag: () => ReturnType<KafkaLog['groupLag']> }[] => [
  { lag: () => log.groupLag(EVENT_WRITER_GROUP, EVENT_WRITER_TOPICS) },
  { lag: () => log.groupLag(SESSION_GROUP, SESSION_TOPICS) },
];

interface Stores {
  readonly metadata: Metadata;
  readonly clickhouse: ClickHouse;
  readonly redis: RedisConnection;
  readonly log: KafkaLog;
}

async function openHttp(base: Base, config: GraphqlConfig, { metadata, clickhouse, redis, log }: Stores) {
  const { readiness, telemetry } = base;
  readiness.watch('database', async () => {
    await metadata.ping();
    return { state: 'ok' };
  });
  readiness.watch('ClickHouse', async () => {
    await clickhouse.rows({ sql: 'SELECT 1' });
    return { state: 'ok' };
  });
  const server = createServer(base, config.server);
  const settledUpTo = (id: string): Promise<number | null> => metadata.settlement.settledUpTo(id);
  const changes = createRedisKeyChanges(redis);
  // Best effort: caches believe a key for 15 s at most.
  const keyChanged = (keyId: string): void =>
    void changes
      .publish(keyId)
      .catch((error: unknown) => telemetry.process.connectionBroke({ server: 'Redis', error }));
  await mountGraphql(base, server, {
    ...metadata,
    queryEngine: createClickHouseQueryEngine({ clickhouse, settledUpTo, spread: config.clickhouse.spread }),
    ingest: ingestOf(base, { ...metadata, log, producer: PRODUCER }),
    query: config.query,
    keyChanged,
    health: () => healthReport(readiness, groupsOf(log)),
  });
  return { url: await server.listen(), stop: () => server.stop() };
}
