import {
  clickhouseSettings,
  kafkaSettings,
  processSettings,
  postgresSettings,
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
  clickhouse: clickhouseSettings,
} as const;

/** Everything that can be set. */
export type EventWriterConfig = ConfigOf<typeof settings>;

export const eventWriterSettings = processSettings(
  'ProductGraph event-writer: Kafka into ClickHouse, exactly once.',
  settings,
);
