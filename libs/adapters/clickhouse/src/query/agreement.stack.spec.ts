import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import { createMemoryQueryEngine } from '@productgraph/adapter-memory';
import { queryEnginesAgree } from '@productgraph/testing';
import { openQueryDatabase, SETTLED } from '../testing/query-database.ts';
import { createClickHouseQueryEngine } from './engine.ts';

/** Projects: a question takes longer to plan here than to answer, and every run of the tests asks others. */
const RUNS = 8;

const engines: Parameters<typeof queryEnginesAgree>[1] = {
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
    const database = await openQueryDatabase({ spread: true, copies: 2 });
    return {
      engine: createClickHouseQueryEngine({ clickhouse: database.all, settledUpTo: async () => SETTLED }),
      settledUpTo: SETTLED,
      add: (tenant) => database.add(tenant),
      close: () => database.close(),
    };
  },
};

queryEnginesAgree('memory and ClickHouse', engines, RUNS);
