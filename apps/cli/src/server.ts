import type { CliConfig } from './config.ts';
import { runningServer } from './database.ts';

/** The server to talk to: as told, else PRODUCTGRAPH_URL, else what runs on the data folder, else this machine's PORT. */
export function serverUrl(config: CliConfig, told: string | undefined): string {
  return told ?? config.client.url ?? runningServer(config)?.url ?? `http://localhost:${config.server.port}`;
}
