import {
  acquireInstanceLock,
  createMonths,
  createPostgresEventStore,
  createPostgresLog,
  createPostgresQueryEngine,
  createPostgresStateStore,
  createStoreMaintenance,
  migrationsFolder,
  type Pools,
} from '@productgraph/adapter-postgres';
import { openMetadata, openPools, prepareSchema } from '@productgraph/assembly-servers';
import { createBase, groupMeters, ledgerMeter, upkeep as upkeepOf, type Base } from '@productgraph/assembly-process';
import { part, writeRunNote } from '@productgraph/platform-runtime';
import { meteredLog } from '@productgraph/platform-telemetry';
import type { StarterConfig } from './config.ts';
import { dataFolder, openDatabase } from './database.ts';
import { openHttp } from './http.ts';
import { checkPort } from './port.ts';
import type { Ports } from './ports.ts';
import { runEventWriter, runSessions, runSettlement } from './processors.ts';

/*
 * The parts list of the Starter: the only place where ports meet adapters. A part is made when it starts and undone when it
 * stops; `flow.ts` says in which order.
 */

const MB = 1024 * 1024;
/** Newest records kept for processors that keep up: some 15 s at 10,000 events/s. */
const TAIL_MB = 16;
const HOUR_MS = 3_600_000;

// The type is the list itself.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function wireStarter(config: StarterConfig) {
  const base = createBase(config.telemetry);
  const port = part('port', () => checkPort(config));
  const stores = wireStores(config, base);
  const { log, ports } = stores;
  const writer = part('event-writer', () => runEventWriter(base, { log: log.value, ports: ports.value }), stop);
  const sessions = part(
    'session-processor',
    () => runSessions(base, { log: log.value, ports: ports.value, config }),
    stop,
  );
  const settlement = part(
    'settlement',
    () => runSettlement(base, { log: log.value, ports: ports.value, config, sessions: sessions.value }),
    stop,
  );
  // Months ahead, retention, repeated ids, bounds of quarantine, ledger days.
  const upkeep = upkeepOf(base, (signal) => ports.value.upkeep.run(signal));
  const meters = groupMeters(base, () => [writer.value, sessions.value]);
  const ledger = ledgerMeter(base, () => ports.value.ledgerSums);
  const http = part(
    'http',
    () => openHttp(base, { config, log: log.value, ports: ports.value, groups: [writer.value, sessions.value] }),
    stop,
  );
  const note = part(
    'run note',
    () =>
      writeRunNote(dataFolder(config), {
        pid: process.pid,
        url: http.value.url,
        databaseUrl: stores.database.value.url,
        startedAt: base.clock.now(),
      }),
    (remove) => remove(),
  );
  return { ...base, ...stores, port, writer, sessions, settlement, upkeep, meters, ledgerMeter: ledger, http, note };
}

const stop = (it: { stop(): Promise<void> }): Promise<void> => it.stop();

function wireStores(config: StarterConfig, base: Base) {
  const { clock, telemetry, broken } = base;
  const database = part('database', () => openDatabase(config, { telemetry, clock }), stop);
  const schema = part('schema', () =>
    prepareSchema(database.value, { folder: migrationsFolder(import.meta.dirname), migrate: true, telemetry }),
  );
  const pools = part('connections', () => openPools({ ...config.data, url: database.value.url }, telemetry), (it) => it.end()); // prettier-ignore
  const instance = part(
    'instance lock',
    () => acquireInstanceLock({ pools: pools.value, clock, onLost: (reason) => broken.abort(reason) }),
    (it) => it.release(),
  );
  const log = part('event log', () => openLog(config, base, pools.value), stop);
  const ports = part(
    'stores',
    () => openPorts(config, base, pools.value),
    (it) => it.end(),
  );
  return { database, schema, pools, instance, log, ports };
}

async function openLog({ log }: StarterConfig, { clock, random, telemetry }: Base, pools: Pools) {
  const opened = createPostgresLog({
    pools,
    clock,
    random,
    partitions: log.partitions,
    dedupeWindow: log.dedupeWindow,
    retentionMs: log.retentionHours * HOUR_MS,
    tailBytes: TAIL_MB * MB,
    maxPendingBytes: log.maxPendingMb * MB,
    onFault: (work, error) => telemetry.log.backgroundFailed({ work, error }),
  });
  await opened.start();
  telemetry.log.opened(() => opened.memory());
  return meteredLog(opened, telemetry.log, clock);
}

async function openPorts(
  { session }: StarterConfig,
  { clock }: Base,
  pools: ReturnType<typeof openPools>,
): Promise<Ports> {
  const { writer, reads } = pools;
  const metadata = await openMetadata(pools, { clock });
  const { projects, settlement } = metadata;
  const months = createMonths(writer);
  return {
    ...metadata,
    store: createPostgresEventStore({ pool: writer, projects, months }),
    state: createPostgresStateStore(pools),
    queryEngine: createPostgresQueryEngine({ reads, settledUpTo: (id) => settlement.settledUpTo(id) }),
    upkeep: createStoreMaintenance({ pool: writer, months, clock, latenessMs: session.latenessHours * HOUR_MS }),
  };
}
