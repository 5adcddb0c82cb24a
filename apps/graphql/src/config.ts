import {
  clickhouseSettings,
  configTable,
  kafkaSettings,
  loadConfig,
  postgresSettings,
  querySettings,
  redisSettings,
  schemaSettings,
  serverSettings,
  telemetrySettings,
  type ConfigOf,
  type LoadedConfig,
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

/** @throws ConfigError listing all faults */
export const loadGraphqlConfig = (): LoadedConfig<typeof settings> => loadConfig(settings);

/** What `--help` prints. */
export const usage = `ProductGraph graphql: answers questions over GraphQL. Options:

  --check-config  only check the configuration: exit code 0 or 1
  --help          this text

Environment variables:

${configTable(settings)}`;
