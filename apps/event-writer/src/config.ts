import {
  clickhouseSettings,
  configTable,
  kafkaSettings,
  loadConfig,
  postgresSettings,
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
  clickhouse: clickhouseSettings,
} as const;

/** Everything that can be set. */
export type EventWriterConfig = ConfigOf<typeof settings>;

/** @throws ConfigError listing all faults */
export const loadEventWriterConfig = (): LoadedConfig<typeof settings> => loadConfig(settings);

/** What `--help` prints. */
export const usage = `ProductGraph event-writer: Kafka into ClickHouse, exactly once. Options:

  --check-config  only check the configuration: exit code 0 or 1
  --help          this text

Environment variables:

${configTable(settings)}`;
