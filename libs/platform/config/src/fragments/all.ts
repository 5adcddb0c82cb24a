import { clientSettings } from './client.ts';
import { dataSettings, demoSettings } from './data.ts';
import { serverSettings } from './server.ts';
import { telemetrySettings } from './telemetry.ts';
import { logSettings, querySettings, sessionSettings } from './tuning.ts';

/** Every setting of every process, for the documentation. */
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
