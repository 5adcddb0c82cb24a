import {
  clickhouseSettings,
  configTable,
  kafkaSettings,
  loadConfig,
  postgresSettings,
  redisSettings,
  schemaSettings,
  serverSettings,
  sessionSettings,
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
  session: sessionSettings,
} as const;

/** Everything that can be set. */
export type SessionProcessorConfig = ConfigOf<typeof settings>;

/** @throws ConfigError listing all faults */
export const loadSessionProcessorConfig = (): LoadedConfig<typeof settings> => loadConfig(settings);

/** What `--help` prints. */
export const usage = `ProductGraph session-processor: Kafka into sessions and back into Kafka. Options:

  --check-config  only check the configuration: exit code 0 or 1
  --help          this text

Environment variables:

${configTable(settings)}`;
