import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import { queryEngineSuite } from '@productgraph/testing';
import { createMemoryQueryEngine } from './engine.ts';

const SETTLED = Date.UTC(2024, 0, 1);

queryEngineSuite('memory', async () => {
  const events: StoredEvent[] = [];
  const sessions: SessionRow[] = [];
  const owners = new Map<string, string>();
  return {
    engine: createMemoryQueryEngine({
      events: () => events,
      sessions: () => sessions,
      orgOf: (projectId) => owners.get(projectId) ?? null,
      settledUpTo: () => SETTLED,
    }),
    settledUpTo: SETTLED,
    add: async (tenant) => {
      events.push(...tenant.events);
      sessions.push(...tenant.sessions);
      owners.set(tenant.projectId, tenant.orgId);
    },
    close: async () => undefined,
  };
});
