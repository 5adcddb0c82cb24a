import {
  clientSettings,
  dataSettings,
  loadConfig,
  serverSettings,
  type ConfigOf,
  type Environment,
} from '@productgraph/platform-config';

const settings = { data: dataSettings, server: serverSettings, client: clientSettings } as const;

export type CliConfig = ConfigOf<typeof settings>;

export function loadCliConfig(env?: Environment): CliConfig {
  return loadConfig(settings, env).config;
}
