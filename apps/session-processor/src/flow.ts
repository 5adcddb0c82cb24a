import { startable } from '@productgraph/assembly-process';
import type { Startable } from '@productgraph/platform-runtime';
import type { SessionProcessorConfig } from './config.ts';
import { wireSessionProcessor } from './wiring.ts';

/** What happens from the first moment to the last, step by step; stopping goes through the same list backwards. */
export function sessionProcessorFlow(config: SessionProcessorConfig, warnings: readonly string[]): Startable {
  const parts = wireSessionProcessor(config);
  return startable({
    base: parts,
    parts: [
      parts.tracing, // where traces go; the last to stop
      parts.postgres, // checked
      parts.schema, // migrations, or the check that there are none to do
      parts.pools, // connections
      parts.metadata, // tenants, keys, ledger, settlement
      parts.clickhouse, // checked and migrated
      parts.redis, // checked
      parts.state, // the states of users, in Redis
      parts.log, // Kafka; topics are there as configured
      parts.sessions, // log → sessions → log
      parts.settlement, // stored events → exact sessions → log
      parts.meters, // lag into metrics
      parts.http, // health, readiness, metrics
    ],
    warnings,
    server: config.server,
    http: parts.http,
  });
}
