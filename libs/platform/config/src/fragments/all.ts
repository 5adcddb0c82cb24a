import { clientSettings } from './client.ts';
import { dataSettings, demoSettings } from './data.ts';
import { clickhouseSettings, kafkaSettings, postgresSettings, redisSettings, schemaSettings } from './pipeline.ts';
import { serverSettings } from './server.ts';
import { spoolSettings } from './spool.ts';
import { telemetrySettings } from './telemetry.ts';
import { logSettings, querySettings, sessionSettings } from './tuning.ts';

/** Every setting of the Starter and of the command line, for the documentation. */
export const allSettings = {
  server: serverSettings,
  data: dataSettings,
  demo: demoSettings,
  telemetry: telemetrySettings,
  log: logSettings,
  session: sessionSettings,
  query: querySettings,
  client: clientSettings,
} as const;

/** Settings that only processes of Growth and Scale have, for the documentation. */
export const pipelineSettings = {
  schema: schemaSettings,
  postgres: postgresSettings,
  kafka: kafkaSettings,
  spool: spoolSettings,
  redis: redisSettings,
  clickhouse: clickhouseSettings,
} as const;
