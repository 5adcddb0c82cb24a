import {
  clickhouseMigrationsFolder,
  createClickHouseMaintenance,
  openClickHouseEventStore,
} from '@productgraph/adapter-clickhouse';
import { createPostgresBlockJournal, maintainLedger, migrationsFolder } from '@productgraph/adapter-postgres';
import {
  createBase,
  type Base,
  eventWriter,
  groupMeters,
  hostConsumers,
  ledgerMeter,
  openHealth,
} from '@productgraph/assembly-process';
import {
  checkPostgres,
  openClickHouse,
  openKafkaLog,
  openMetadata,
  openPools,
  prepareSchema,
} from '@productgraph/assembly-servers';
import { createEventDecoder, decodeEventLine } from '@productgraph/domain-event';
import type { Component } from '@productgraph/kernel';
import { part, repeated } from '@productgraph/platform-runtime';
import type { EventWriterConfig } from './config.ts';

/* The parts list of the event-writer: the only place where ports meet adapters; `flow.ts` says in which order. */

const PRODUCER = 'event-writer';
const HOUR_MS = 3_600_000;
/** Under load events are at most so much older than need be: a block costs one insert per shard and month, however small it is. */
const GATHER_MS = 500;

// The type is the list itself.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function wireEventWriter(config: EventWriterConfig) {
  const base = createBase(config.telemetry);
  const { telemetry, clock } = base;
  const { migrate } = config.schema;
  const here = import.meta.dirname;
  const postgres = part('PostgreSQL', () => checkPostgres(config.postgres.url));
  const schema = part('schema', () => prepareSchema(postgres.value, { folder: migrationsFolder(here), migrate, telemetry })); // prettier-ignore
  const pools = part('connections', () => openPools(config.postgres, telemetry), (it) => it.end()); // prettier-ignore
  const metadata = part('metadata', () => openMetadata(pools.value, { clock }), (it) => it.end()); // prettier-ignore
  const clickhouse = part('ClickHouse', () => openClickHouse(base, config.clickhouse, { folder: clickhouseMigrationsFolder(here), migrate }), (it) => it.close()); // prettier-ignore
  const log = part('event log', () => openKafkaLog(base, config.kafka, { clientId: PRODUCER, createTopics: migrate }), stop); // prettier-ignore
  const journal = part('block journal', () => {
    const { projects } = metadata.value;
    return { projects, journal: createPostgresBlockJournal({ pool: pools.value.writer, projects }) };
  });
  const store = part('event store', () => openClickHouseEventStore({ clickhouse: clickhouse.value, ...journal.value }));
  const maintenance = part('maintenance', () => createClickHouseMaintenance({ clickhouse: clickhouse.value, clock, ...journal.value })); // prettier-ignore
  const upkeep = hourly(base, async (signal) => {
    await maintainLedger({ pool: pools.value.writer, clock }, signal);
    await maintenance.value.run(signal);
  });
  const writer = part(
    'event-writer',
    () => {
      const decode = createEventDecoder({ decodeLine: decodeEventLine });
      return hostConsumers(base, log.value, [eventWriter(base, { log: log.value, store: store.value, decode, gatherMs: GATHER_MS })]); // prettier-ignore
    },
    stop,
  );
  const meters = groupMeters(base, () => writer.value.groups);
  const ledger = ledgerMeter(base, () => metadata.value.ledgerSums);
  const http = part('http', () => openHealth(base, config.server, writer.value.groups), stop);
  return {
    ...base,
    postgres,
    schema,
    pools,
    metadata,
    clickhouse,
    log,
    journal,
    store,
    maintenance,
    upkeep,
    writer,
    meters,
    ledgerMeter: ledger,
    http,
  };
}

const hourly = ({ clock, telemetry }: Base, run: (signal: AbortSignal) => Promise<void>): Component =>
  repeated({ name: 'upkeep', everyMs: HOUR_MS, run }, { clock, facts: telemetry.process });

const stop = (it: { stop(): Promise<void> }): Promise<void> => it.stop();
