export { configTable, type SettingDoc } from './describe.ts';
export {
  ConfigError,
  loadConfig,
  type ConfigFault,
  type ConfigOf,
  type Environment,
  type Fragments,
  type LoadedConfig,
} from './load.ts';
export { processSettings, type ProcessSettings } from './process.ts';
export { type Fragment, type Setting } from './setting.ts';
export { allSettings, pipelineSettings } from './fragments/all.ts';
export { clientSettings } from './fragments/client.ts';
export { dataSettings, demoSettings } from './fragments/data.ts';
export { serverSettings } from './fragments/server.ts';
export { spoolSettings } from './fragments/spool.ts';
export { telemetrySettings } from './fragments/telemetry.ts';
export { logSettings, querySettings, sessionSettings } from './fragments/tuning.ts';
export {
  clickhouseSettings,
  kafkaSettings,
  postgresSettings,
  redisSettings,
  schemaSettings,
} from './fragments/pipeline.ts';
