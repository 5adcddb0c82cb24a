import type { CliConfig } from './config.ts';
import { dataFolder, runningServer } from './database.ts';
import { CliFault } from './fault.ts';

/**
 * The server to talk to: as told, else PRODUCTGRAPH_URL, else the one that runs on the data folder.
 * @throws CliFault when none is named and none runs there: never another one that happens to listen on this machine
 */
export function serverUrl(config: CliConfig, told: string | undefined): string {
  const url = told ?? config.client.url ?? runningServer(config)?.url;
  if (url !== undefined) return url;
  throw new CliFault(
    `No server runs on the data folder ${dataFolder(config)}: start it, set DATA_DIR to its folder, or name it with --url.`,
  );
}
