import {
  configTable,
  kafkaSettings,
  loadConfig,
  postgresSettings,
  redisSettings,
  schemaSettings,
  serverSettings,
  spoolSettings,
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
  spool: spoolSettings,
} as const;

/** Everything that can be set. */
export type IngestionConfig = ConfigOf<typeof settings>;

/** @throws ConfigError listing all faults */
export const loadIngestionConfig = (): LoadedConfig<typeof settings> => loadConfig(settings);

/** What `--help` prints. */
export const usage = `ProductGraph ingestion: takes events over HTTP into Kafka. Options:

  --check-config  only check the configuration: exit code 0 or 1
  --help          this text

Environment variables:

${configTable(settings)}`;
