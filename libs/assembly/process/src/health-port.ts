import type { Base } from './base.ts';
import { stateOfGroup, type GroupHealth } from './groups.ts';
import { createServer, type ServerSettings } from './http.ts';

/** The port of a process that only works for groups: `/health`, `/ready` with its groups, `/metrics`. */
export async function openHealth(
  base: Base,
  settings: ServerSettings,
  groups: readonly GroupHealth[],
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  for (const group of groups) base.readiness.watch(group.name, () => stateOfGroup(group));
  const server = createServer(base, settings);
  return { url: await server.listen(), stop: () => server.stop() };
}
