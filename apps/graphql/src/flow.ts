import { startable } from '@productgraph/assembly-process';
import type { Startable } from '@productgraph/platform-runtime';
import type { GraphqlConfig } from './config.ts';
import { wireGraphql } from './wiring.ts';

/** What happens from the first moment to the last, step by step; stopping goes through the same list backwards. */
export function graphqlFlow(config: GraphqlConfig, warnings: readonly string[]): Startable {
  const parts = wireGraphql(config);
  return startable({
    base: parts,
    parts: [
      parts.tracing, // where traces go; the last to stop
      parts.postgres, // checked
      parts.schema, // migrations, or the check that there are none to do
      parts.pools, // connections
      parts.clickhouse, // checked and migrated
      parts.metadata, // tenants, keys, ledger, settlement
      parts.redis, // tells all processes of changed keys
      parts.log, // Kafka, for what is replayed out of quarantine
      parts.http, // GraphQL and its explorer, health, metrics
    ],
    warnings,
    server: config.server,
    http: parts.http,
  });
}
