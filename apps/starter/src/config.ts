import {
  dataSettings,
  demoSettings,
  processSettings,
  logSettings,
  querySettings,
  serverSettings,
  sessionSettings,
  telemetrySettings,
  type ConfigOf,
} from '@productgraph/platform-config';

const settings = {
  server: serverSettings,
  data: dataSettings,
  demo: demoSettings,
  telemetry: telemetrySettings,
  log: logSettings,
  session: sessionSettings,
  query: querySettings,
} as const;

/** Everything that can be set. */
export type StarterConfig = ConfigOf<typeof settings>;

export const starterSettings = processSettings('ProductGraph Starter: everything in one process.', settings);
