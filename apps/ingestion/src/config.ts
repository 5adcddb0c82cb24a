import {
  kafkaSettings,
  processSettings,
  postgresSettings,
  redisSettings,
  schemaSettings,
  serverSettings,
  spoolSettings,
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
  spool: spoolSettings,
} as const;

/** Everything that can be set. */
export type IngestionConfig = ConfigOf<typeof settings>;

export const ingestionSettings = processSettings(
  'ProductGraph ingestion: takes events over HTTP into Kafka.',
  settings,
);
