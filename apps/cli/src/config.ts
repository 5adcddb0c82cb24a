import {
  clientSettings,
  dataSettings,
  loadConfig,
  type ConfigOf,
  type Environment,
} from '@productgraph/platform-config';

const settings = { data: dataSettings, client: clientSettings } as const;

export type CliConfig = ConfigOf<typeof settings>;

export function loadCliConfig(env?: Environment): CliConfig {
  return loadConfig(settings, env).config;
}
