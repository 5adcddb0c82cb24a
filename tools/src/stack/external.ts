import type { ServerName } from './profiles.ts';
import type { Settings } from './state.ts';

/** Variables by which a person names servers of their own, and what all variables of the kind begin with. */
const variables: Readonly<Record<ServerName, { readonly where: readonly string[]; readonly prefix: string }>> = {
  kafka: { where: ['KAFKA_BROKERS'], prefix: 'KAFKA_' },
  clickhouse: { where: ['CLICKHOUSE_URLS'], prefix: 'CLICKHOUSE_' },
  redis: { where: ['REDIS_URL', 'REDIS_URLS'], prefix: 'REDIS_' },
  postgres: { where: ['DATABASE_URL'], prefix: 'DATABASE_' },
  s3: { where: ['S3_ENDPOINT'], prefix: 'S3_' },
};

/** Servers of the plan that the environment names: they are used as they are and not started. */
export interface External {
  readonly kinds: readonly ServerName[];
  readonly settings: Settings;
}

/** Which of these kinds the environment brings, with all its variables of each. */
export function externalServers(kinds: readonly ServerName[], environment: NodeJS.ProcessEnv): External {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const names = given.map(([name]) => name);
  const brought = kinds.filter((kind) => variables[kind].where.some((name) => names.includes(name)));
  const own = given.filter(([name]) => brought.some((kind) => name.startsWith(variables[kind].prefix)));
  return { kinds: brought, settings: Object.fromEntries(own) };
}
