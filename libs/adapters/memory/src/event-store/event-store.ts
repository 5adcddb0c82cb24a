import type { StoredEvent } from '@productgraph/contracts';
import type { EventStore, StoreBlock } from '@productgraph/domain-event';
import type { LedgerStore } from '@productgraph/domain-ledger';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import { emptyContents } from './contents.ts';
import { findIn, memoryLedger } from './ledger.ts';
import { sessionSpans, touchedUsers, userEvents, userSessions } from './read.ts';
import { headKey, writeBlock } from './write.ts';

export interface MemoryEventStore extends EventStore {
  /** Every stored event, in the order of storing. */
  all(): StoredEvent[];
  /** Ledger and quarantine of this store. */
  readonly ledger: LedgerStore;
}

function projectsOf(block: StoreBlock): Set<string> {
  return new Set([
    ...Object.keys(block.accepted),
    ...Object.keys(block.duplicates),
    ...block.events.map(({ event }) => event.projectId),
    ...block.sessions.map(({ projectId }) => projectId),
    ...block.quarantine.map(({ projectId }) => projectId),
  ]);
}

/** Same meaning as the PostgreSQL store, in maps. */
export function createMemoryEventStore({ projects }: { readonly projects: ProjectDirectory }): MemoryEventStore {
  const contents = emptyContents();
  const orgOf = async (projectId: string): Promise<string | null> => (await projects.find(projectId))?.orgId ?? null;
  return {
    ledger: memoryLedger(contents, { orgOf, findEvent: findIn(contents) }),
    all: () => [...contents.events.values()].map(({ event }) => event),
    position: async (partition) => contents.heads.get(headKey(partition)) ?? { next: null, windowStart: null, time: 0 },
    write: async (block) => {
      const owners = new Map<string, string | null>();
      for (const projectId of projectsOf(block)) owners.set(projectId, await orgOf(projectId));
      return writeBlock(contents, block, owners);
    },
    touchedUsers: async (partition, from, to) => touchedUsers(contents, { partition, from, to }),
    userEvents: async (range) => userEvents(contents, range),
    userSessions: async (range) => userSessions(contents, range),
    sessionSpans: async (projectId, userKey, sessionIds) => sessionSpans(contents, { projectId, userKey, sessionIds }),
  };
}
