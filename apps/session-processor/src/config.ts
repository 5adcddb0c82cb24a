import {
  clickhouseSettings,
  kafkaSettings,
  processSettings,
  postgresSettings,
  redisSettings,
  schemaSettings,
  serverSettings,
  sessionSettings,
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
  session: sessionSettings,
} as const;

/** Everything that can be set. */
export type SessionProcessorConfig = ConfigOf<typeof settings>;

export const sessionProcessorSettings = processSettings(
  'ProductGraph session-processor: Kafka into sessions and back into Kafka.',
  settings,
);
