import { createClickHouseMaintenance, openClickHouseEventStore } from '@productgraph/adapter-clickhouse';
import { createPostgresBlockJournal, maintainLedger } from '@productgraph/adapter-postgres';
import {
  createBase,
  eventWriter,
  groupMeters,
  hostConsumers,
  ledgerMeter,
  openHealth,
  upkeep as upkeepOf,
} from '@productgraph/assembly-process';
import { clickhousePart, serverParts } from '@productgraph/assembly-servers';
import { createEventDecoder, decodeEventLine } from '@productgraph/domain-event';
import { part } from '@productgraph/platform-runtime';
import type { EventWriterConfig } from './config.ts';

/* The parts list of the event-writer: the only place where ports meet adapters; `flow.ts` says in which order. */

const PRODUCER = 'event-writer';
/** Under load events are at most so much older than need be: a block costs one insert per shard and month, however small it is. */
const GATHER_MS = 500;

// The type is the list itself.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function wireEventWriter(config: EventWriterConfig) {
  const base = createBase(config.telemetry);
  const { clock } = base;
  const program = import.meta.dirname;
  const servers = serverParts(base, config, { producer: PRODUCER, program });
  const { pools, metadata, log } = servers;
  const clickhouse = clickhousePart(base, config, { program });
  const journal = part('block journal', () => {
    const { projects } = metadata.value;
    return { projects, journal: createPostgresBlockJournal({ pool: pools.value.writer, projects }) };
  });
  const store = part('event store', () =>
    openClickHouseEventStore({ clickhouse: clickhouse.value, spread: config.clickhouse.spread, ...journal.value }),
  );
  const maintenance = part('maintenance', () =>
    createClickHouseMaintenance({ clickhouse: clickhouse.value, clock, ...journal.value }),
  );
  const upkeep = upkeepOf(base, async (signal) => {
    await maintainLedger({ pool: pools.value.writer, clock }, signal);
    await maintenance.value.run(signal);
  });
  const writer = part(
    'event-writer',
    () => {
      const decode = createEventDecoder({ decodeLine: decodeEventLine });
      return hostConsumers(base, log.value, [
        eventWriter(base, { log: log.value, store: store.value, decode, gatherMs: GATHER_MS }),
      ]);
    },
    stop,
  );
  const meters = groupMeters(base, () => writer.value.groups);
  const ledger = ledgerMeter(base, () => metadata.value.ledgerSums);
  const http = part('http', () => openHealth(base, config.server, writer.value.groups), stop);
  return {
    ...base,
    ...servers,
    clickhouse,
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

const stop = (it: { stop(): Promise<void> }): Promise<void> => it.stop();
