import { startable } from '@productgraph/assembly-process';
import type { Startable } from '@productgraph/platform-runtime';
import type { EventWriterConfig } from './config.ts';
import { wireEventWriter } from './wiring.ts';

/** What happens from the first moment to the last, step by step; stopping goes through the same list backwards. */
export function eventWriterFlow(config: EventWriterConfig, warnings: readonly string[]): Startable {
  const parts = wireEventWriter(config);
  return startable({
    base: parts,
    parts: [
      parts.tracing, // where traces go; the last to stop
      parts.postgres, // checked
      parts.schema, // migrations, or the check that there are none to do
      parts.pools, // connections
      parts.metadata, // tenants, keys, ledger, settlement
      parts.clickhouse, // checked and migrated
      parts.log, // Kafka; topics are there as configured
      parts.journal, // where blocks are recorded: PostgreSQL
      parts.store, // blocks into ClickHouse
      parts.maintenance, // retention, copies of events
      parts.upkeep, // that once a day, bounds of quarantine and ledger: at once and every hour
      parts.writer, // log → events, sessions, quarantine, ledger
      parts.meters, // lag into metrics
      parts.ledgerMeter, // ledger into metrics
      parts.http, // health, readiness, metrics
    ],
    warnings,
    server: config.server,
    http: parts.http,
  });
}
