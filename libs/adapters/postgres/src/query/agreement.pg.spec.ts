import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import { createMemoryQueryEngine } from '@productgraph/adapter-memory';
import { queryEnginesAgree } from '@productgraph/testing';
import { primaryReads } from '../read-pool.ts';
import { openQueryDatabase, SETTLED } from '../testing/query-database.ts';
import { createPostgresQueryEngine } from './engine.ts';

queryEnginesAgree('memory and PostgreSQL', {
  reference: async () => {
    const events = new Map<string, readonly StoredEvent[]>();
    const sessions = new Map<string, readonly SessionRow[]>();
    const owners = new Map<string, string>();
    return {
      engine: createMemoryQueryEngine({
        events: () => [...events.values()].flat(),
        sessions: () => [...sessions.values()].flat(),
        orgOf: (projectId) => owners.get(projectId) ?? null,
        settledUpTo: () => SETTLED,
      }),
      settledUpTo: SETTLED,
      add: async (tenant) => {
        events.set(tenant.projectId, tenant.events);
        sessions.set(tenant.projectId, tenant.sessions);
        owners.set(tenant.projectId, tenant.orgId);
      },
      close: async () => undefined,
    };
  },
  candidate: async () => {
    const database = await openQueryDatabase();
    return {
      engine: createPostgresQueryEngine({ reads: primaryReads(database.pools.app), settledUpTo: async () => SETTLED }),
      settledUpTo: SETTLED,
      add: (tenant) => database.add(tenant),
      close: () => database.drop(),
    };
  },
});
