import { dataSettings, demoSettings } from './data.ts';
import { serverSettings } from './server.ts';
import { telemetrySettings } from './telemetry.ts';

/** Every setting of every process, for the documentation. */
export const allSettings = {
  server: serverSettings,
  data: dataSettings,
  demo: demoSettings,
  telemetry: telemetrySettings,
} as const;
