import { startable } from '@productgraph/assembly-process';
import type { Startable } from '@productgraph/platform-runtime';
import type { StarterConfig } from './config.ts';
import { firstRun } from './first-run.ts';
import { wireStarter } from './wiring.ts';

/** What happens from the first moment to the last, step by step; stopping goes through the same list backwards. */
export function starterFlow(config: StarterConfig, warnings: readonly string[]): Startable {
  const parts = wireStarter(config);
  return startable({
    base: parts,
    parts: [
      parts.tracing, // where traces go; the last to stop
      parts.port, // free to listen on, before anything is made
      parts.database, // the embedded PostgreSQL, unless DATABASE_URL names one; checked
      parts.schema, // migrations: forward only, under a lock
      parts.pools, // connections; each transaction in a role of its own
      parts.instance, // one Starter per database
      parts.log, // the event log: what is in it is safe
      parts.ports, // event store, state, tenants, ledger, questions
      parts.upkeep, // months ahead, retention, bounds: at once and every hour
      parts.writer, // log → events, sessions, quarantine, ledger
      parts.sessions, // log → sessions → log
      parts.settlement, // stored events → exact sessions → log
      parts.meters, // lag into metrics
      parts.ledgerMeter, // ledger into metrics
      parts.http, // ingest, GraphQL and its explorer, health, metrics
      parts.note, // tells the command line where we are
    ],
    warnings,
    server: config.server,
    http: parts.http,
    // An empty database gets a project, keys and the sample log; until then we are not ready.
    prepare: (signal) => firstRun(parts, config, signal),
  });
}
