import {
  configTable,
  dataSettings,
  demoSettings,
  loadConfig,
  logSettings,
  querySettings,
  serverSettings,
  sessionSettings,
  telemetrySettings,
  type ConfigOf,
  type LoadedConfig,
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

/** @throws ConfigError listing all faults */
export const loadStarterConfig = (): LoadedConfig<typeof settings> => loadConfig(settings);

/** What `--help` prints. */
export const usage = `ProductGraph Starter: everything in one process. Options:

  --check-config  only check the configuration: exit code 0 or 1
  --help          this text

Environment variables:

${configTable(settings)}`;
