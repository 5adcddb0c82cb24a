import {
  type EventStore,
  isStorableTime,
  monthOf,
  type StoreBlock,
  type WriteResult,
} from '@productgraph/domain-event';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '../pool.ts';
import { CopyWriter } from './copy-writer.ts';
import { encodeEvents } from './encode-events.ts';
import { isMissingMonth } from './faults.ts';
import { readHead } from './heads.ts';
import { type Months } from './months.ts';
import { createOwnerLookup, type Owners } from './owners.ts';
import { sessionSpans, touchedUsers, userEvents, userSessions } from './read-events.ts';
import { encodeSessions } from './session-rows.ts';
import { writeBlock, type PreparedBlock, type WrittenBlock } from './write-block.ts';

export interface EventStoreOptions {
  /** Connections of the processors; the login may take the writer's and the owner's role. */
  readonly pool: Pool;
  readonly projects: ProjectDirectory;
  readonly months: Months;
}

/** After a conflict this many blocks go through the staging table at once: duplicates come in runs (a file imported again). */
const EXPECT_CONFLICTS = 16;

interface Buffers {
  readonly events: CopyWriter;
  readonly sessions: CopyWriter;
  readonly quarantine: CopyWriter;
}

const newBuffers = (): Buffers => ({
  events: new CopyWriter(1 << 20),
  sessions: new CopyWriter(1 << 16),
  quarantine: new CopyWriter(1 << 12),
});

/** A buffer that grew beyond this for an unusual block is not kept. */
const KEPT_BYTES = 8 << 20;

/** Buffers are kept between blocks: one set per block under way. */
function createBufferPool(): <T>(use: (buffers: Buffers) => Promise<T>) => Promise<T> {
  const idle: Buffers[] = [];
  return async (use) => {
    const buffers = idle.pop() ?? newBuffers();
    const writers = Object.values(buffers) as CopyWriter[];
    for (const writer of writers) writer.clear();
    const result = await use(buffers);
    // After a fault they are left to the collector: a broken connection may still hold on to their memory.
    if (writers.every(({ capacity }) => capacity <= KEPT_BYTES)) idle.push(buffers);
    return result;
  };
}

function projectsOf(block: StoreBlock): Set<string> {
  const ids = new Set([...Object.keys(block.accepted), ...Object.keys(block.duplicates)]);
  for (const { event } of block.events) ids.add(event.projectId);
  for (const { projectId } of block.sessions) ids.add(projectId);
  for (const { projectId } of block.quarantine) ids.add(projectId);
  return ids;
}

function prepare(block: StoreBlock, owners: Owners, buffers: Buffers): Omit<PreparedBlock, 'direct'> {
  const { partition } = block.partition;
  return {
    block,
    owners,
    events: encodeEvents(block.events, { owners, to: buffers.events, partition }),
    eventCopy: buffers.events,
    sessions: encodeSessions(block.sessions, { owners, to: buffers.sessions, at: { partition, offset: block.last } }),
    quarantineCopy: buffers.quarantine,
  };
}

const sessionMonths = (block: StoreBlock): number[] =>
  block.sessions
    .map(({ openedReceivedAt }) => openedReceivedAt)
    .filter(isStorableTime)
    .map(monthOf);

/**
 * Events, sessions, quarantine and ledger in PostgreSQL. A block is one transaction, head included.
 * What the data is refused for goes to quarantine (`store_refused`); every other fault is thrown, and the block may be written again.
 */
export function createPostgresEventStore({ pool, projects, months }: EventStoreOptions): EventStore {
  const ownersOf = createOwnerLookup(projects);
  const withBuffers = createBufferPool();
  let expectConflicts = 0;

  async function attempt(block: StoreBlock): Promise<WrittenBlock | null> {
    const owners = await ownersOf(projectsOf(block));
    return withBuffers(async (buffers) => {
      const prepared = prepare(block, owners, buffers);
      await months.ensure('events', prepared.events.months.map(({ month }) => month)); // prettier-ignore
      await months.ensure('sessions', sessionMonths(block));
      return asWriter((client) => writeBlock(client, { ...prepared, direct: expectConflicts === 0 }));
    });
  }

  const asWriter = <T>(work: (client: PoolClient) => Promise<T>): Promise<T> =>
    withTransaction(pool, { role: 'writer' }, work);

  async function write(block: StoreBlock): Promise<WriteResult | null> {
    const written = await attempt(block).catch((error: unknown) => {
      if (!isMissingMonth(error)) throw error;
      months.forget();
      return attempt(block);
    });
    if (written === null) return null;
    const { conflicts, inserted, duplicates, refused } = written;
    expectConflicts = conflicts ? EXPECT_CONFLICTS : Math.max(0, expectConflicts - 1);
    return { inserted, duplicates, refused };
  }

  return {
    position: (partition) => asWriter((client) => readHead(client, partition)),
    write,
    touchedUsers: (partition, from, to) => asWriter((client) => touchedUsers(client, { partition, from, to })),
    userEvents: (range) => asWriter((client) => userEvents(client, range)),
    userSessions: (range) => asWriter((client) => userSessions(client, range)),
    sessionSpans: (projectId, userKey, sessionIds) =>
      asWriter((client) => sessionSpans(client, { projectId, userKey, sessionIds })),
  };
}
