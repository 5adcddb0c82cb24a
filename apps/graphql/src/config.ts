import {
  clickhouseSettings,
  kafkaSettings,
  processSettings,
  postgresSettings,
  querySettings,
  redisSettings,
  schemaSettings,
  serverSettings,
  telemetrySettings,
  type ConfigOf,
} from '@productgraph/platform-config';

const settings = {
  server: serverSettings,
  telemetry: telemetrySettings,
  schema: schemaSettings,
  postgres: postgresSettings,
  kafka: kafkaSettings,
  redis: redisSettings,
  clickhouse: clickhouseSettings,
  query: querySettings,
} as const;

/** Everything that can be set. */
export type GraphqlConfig = ConfigOf<typeof settings>;

export const graphqlSettings = processSettings('ProductGraph graphql: answers questions over GraphQL.', settings);
