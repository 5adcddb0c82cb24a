import { startable } from '@productgraph/assembly-process';
import type { Startable } from '@productgraph/platform-runtime';
import type { IngestionConfig } from './config.ts';
import { wireIngestion } from './wiring.ts';

/** What happens from the first moment to the last, step by step; stopping goes through the same list backwards. */
export function ingestionFlow(config: IngestionConfig, warnings: readonly string[]): Startable {
  const parts = wireIngestion(config);
  return startable({
    base: parts,
    parts: [
      parts.tracing, // where traces go; the last to stop
      parts.postgres, // checked
      parts.schema, // migrations, or the check that there are none to do
      parts.pools, // connections
      parts.metadata, // keys, projects, ledger
      parts.redis, // rates that all replicas share, changes of keys
      parts.log, // Kafka; topics are there as configured
      parts.intake, // the spool before it; what was left there is drained
      parts.http, // ingest, health, metrics
      parts.keyChanges, // a revoked key is forgotten at once
    ],
    warnings,
    server: config.server,
    http: parts.http,
  });
}
