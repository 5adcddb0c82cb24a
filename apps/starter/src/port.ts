import { once } from 'node:events';
import { createServer } from 'node:net';
import type { StarterConfig } from './config.ts';

/**
 * Listens for a moment where the server will, so that a port in use is told before a database is made.
 * @throws the system's error of `listen`
 */
export async function checkPort({ server: { host, port } }: Pick<StarterConfig, 'server'>): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  probe.listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
