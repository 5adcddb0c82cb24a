import { openClickHouseEventStore } from '@productgraph/adapter-clickhouse';
import { createPostgresBlockJournal } from '@productgraph/adapter-postgres';
import { createRedisStateStore } from '@productgraph/adapter-redis';
import {
  createBase,
  groupMeters,
  hostConsumers,
  openHealth,
  sessionProcessor,
  startSettlement,
} from '@productgraph/assembly-process';
import { clickhousePart, redisPart, serverParts } from '@productgraph/assembly-servers';
import { createEventDecoder, decodeEventLine } from '@productgraph/domain-event';
import { part } from '@productgraph/platform-runtime';
import type { SessionProcessorConfig } from './config.ts';

/* The parts list of the session-processor: the only place where ports meet adapters; `flow.ts` says in which order. */

const PRODUCER = 'session-processor';
/** Under load sessions are at most so much older than need be: larger batches write each state once for many events. */
const GATHER_MS = 250;
/** States of users kept parsed per partition, about 2 KB each; others are read back, all of a batch in one step. */
const CACHED_STATES = 2_000;

// The type is the list itself.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function wireSessionProcessor(config: SessionProcessorConfig) {
  const base = createBase(config.telemetry);
  const program = import.meta.dirname;
  const servers = serverParts(base, config, { producer: PRODUCER, program });
  const { pools, metadata, log } = servers;
  const clickhouse = clickhousePart(base, config, { program });
  const redis = redisPart(base, config);
  const state = part('states', () => createRedisStateStore(redis.value));
  const needs = () => ({
    log: log.value,
    state: state.value,
    settlement: metadata.value.settlement,
    projects: metadata.value.projects,
    latenessHours: config.session.latenessHours,
    producer: PRODUCER,
  });
  const sessions = part(
    'session-processor',
    async () => {
      const decode = createEventDecoder({ decodeLine: decodeEventLine });
      const consumer = sessionProcessor(base, { ...needs(), decode, gatherMs: GATHER_MS, cachedStates: CACHED_STATES });
      return { ...(await hostConsumers(base, log.value, [consumer])), consumer };
    },
    stop,
  );
  const settlement = part(
    'settlement',
    async () => {
      const { projects } = metadata.value;
      const journal = createPostgresBlockJournal({ pool: pools.value.writer, projects });
      const store = await openClickHouseEventStore({
        clickhouse: clickhouse.value,
        spread: config.clickhouse.spread,
        journal,
        projects,
      });
      return startSettlement(base, { ...needs(), store, sessions: sessions.value.consumer });
    },
    stop,
  );
  const meters = groupMeters(base, () => sessions.value.groups);
  const http = part('http', () => openHealth(base, config.server, sessions.value.groups), stop);
  return { ...base, ...servers, clickhouse, redis, state, sessions, settlement, meters, http };
}

const stop = (it: { stop(): Promise<void> }): Promise<void> => it.stop();
