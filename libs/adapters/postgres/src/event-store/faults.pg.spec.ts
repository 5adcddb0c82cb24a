import type { StoredEvent } from '@productgraph/contracts';
import type { EventStore, StoreBlock } from '@productgraph/domain-event';
import { unaccounted, type LedgerStore } from '@productgraph/domain-ledger';
import type { Project } from '@productgraph/domain-tenant';
import {
  BUILT_AT,
  organisationOf,
  projectOf,
  quarantineEntry,
  sessionRow,
  storeBlock,
  storedEvent,
  systemClock,
  until,
} from '@productgraph/testing';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRetryable } from '../faults.ts';
import { createPostgresLedgerStore } from '../ledger/ledger-store.ts';
import { primaryReads } from '../read-pool.ts';
import { createPostgresProjectDirectory } from '../tenant/directories.ts';
import { openPostgresTenantStore } from '../tenant/tenant-store.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createPostgresEventStore } from './event-store.ts';
import { createMonths } from './months.ts';

/* A connection that dies at any step of a block leaves nothing behind, and the same block can be written again. */

const PARTITION = storeBlock().partition;

let database: TestDatabase;
let admin: Client;
let store: EventStore;
let ledger: LedgerStore;
let project: Project;

beforeEach(async () => {
  database = await createTestDatabase();
  admin = new Client(database.url);
  await admin.connect();
  const { app, writer } = database.pools;
  const tenants = await openPostgresTenantStore({ url: database.url, clock: systemClock });
  const organisation = organisationOf();
  project = projectOf({ orgId: organisation.id });
  await tenants.createOrganisation(organisation, 'system');
  await tenants.createProject(project, 'system');
  await tenants.end();
  const projects = createPostgresProjectDirectory(writer);
  store = createPostgresEventStore({ pool: writer, projects, months: createMonths(writer) });
  ledger = createPostgresLedgerStore({ reads: primaryReads(app), clock: systemClock });
});

afterEach(async () => {
  await admin.end();
  await database.drop();
});

function events(first: number, n: number): StoredEvent[] {
  return Array.from({ length: n }, (_, index) =>
    storedEvent({
      projectId: project.id,
      timestamp: BUILT_AT + first + index,
      receivedAt: BUILT_AT,
      eventId: `e${first + index}`,
      properties: `{"text":"${'x'.repeat(400)}"}`,
    }),
  );
}

function blockOf(first: number, list: readonly StoredEvent[]): StoreBlock {
  return storeBlock({
    first,
    last: first + list.length - 1,
    events: list.map((event, index) => ({ event, offset: first + index })),
    sessions: [sessionRow({ projectId: project.id, sessionId: `s${first}` })],
    quarantine: [quarantineEntry({ projectId: project.id, stage: 'decode' })],
    accepted: { [project.id]: { [String(Math.floor(BUILT_AT / 60_000))]: list.length + 1 } },
  });
}

async function stored(): Promise<StoredEvent[]> {
  return store.userEvents({ projectId: project.id, userKey: 'u:ann', from: 0, to: Date.UTC(2100, 0) });
}

async function unaccountedEvents(): Promise<number> {
  const rows = await ledger.rows({ orgId: project.orgId, projectId: project.id, from: 0, to: 2 ** 31 - 1 });
  return rows.reduce((sum, row) => sum + unaccounted(row), 0);
}

/** Ends the connections that wait for a lock in this database. */
async function killWaiting(): Promise<number> {
  const { rowCount } = await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`,
  );
  return rowCount ?? 0;
}

describe('a connection that dies', () => {
  it.each(['writer_heads', 'events', 'sessions', 'quarantine', 'ledger_minutes'])(
    'while the block waits for %s leaves nothing behind',
    async (table) => {
      await store.write(blockOf(0, events(0, 10)));
      const block = blockOf(10, events(10, 2_000));
      await admin.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const failed = expect(store.write(block)).rejects.toSatisfy(isRetryable);
      await until('the write waits for the lock', async () => (await killWaiting()) > 0);
      await failed;
      await admin.query('COMMIT');
      expect(await store.position(PARTITION)).toMatchObject({ next: 10 });
      expect(await stored()).toHaveLength(10);
      expect(await store.write(block)).toMatchObject({ inserted: 2_000, duplicates: 0 });
      expect(await stored()).toHaveLength(2_010);
      expect(await unaccountedEvents()).toBe(0);
    },
  );

  it('in the staging table, where duplicates are sorted out, leaves nothing behind', async () => {
    await store.write(blockOf(0, events(0, 10)));
    const block = blockOf(10, events(5, 1_000));
    await admin.query('BEGIN; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
    const failed = expect(store.write(block)).rejects.toSatisfy(isRetryable);
    await until('the write waits for the lock', async () => (await killWaiting()) > 0);
    await failed;
    await admin.query('COMMIT');
    expect(await stored()).toHaveLength(10);
    expect(await store.write(block)).toMatchObject({ inserted: 995, duplicates: 5 });
    expect(await unaccountedEvents()).toBe(0);
  });

  it('at any moment, over and over, ends in each event stored once', async () => {
    const blocks = Array.from({ length: 12 }, (_, n) => blockOf(n * 300, events(n * 300, 300)));
    const killer = (async () => {
      for (let n = 0; n < 40; n++) {
        await systemClock.sleep((n * 7) % 61);
        await admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
        );
      }
    })();
    let failures = 0;
    const again = async <T>(work: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          expect(error).toSatisfy(isRetryable);
          failures += 1;
        }
      }
    };
    for (const block of blocks) {
      // As the runner does it: the position decides whether the block is still to be written.
      await again(async () => {
        const { next } = await store.position(PARTITION);
        if ((next ?? 0) === block.first) await store.write(block);
      });
    }
    await killer;
    expect(failures).toBeGreaterThan(0);
    expect(await store.position(PARTITION)).toMatchObject({ next: 3_600 });
    expect((await stored()).map(({ eventId }) => eventId)).toEqual(events(0, 3_600).map(({ eventId }) => eventId));
    expect(await unaccountedEvents()).toBe(0);
  });
});

describe('several writers', () => {
  it('of the same project and minute do not stand in each other’s way for ever', async () => {
    const partitions = [0, 1, 2, 3].map((partition) => ({ ...PARTITION, partition }));
    await Promise.all(
      partitions.map(async (partition) => {
        for (let n = 0; n < 10; n++) {
          const first = n * 20;
          const block = blockOf(first, events(partition.partition * 1_000 + first, 20));
          await store.write({ ...block, partition });
        }
      }),
    );
    expect(await stored()).toHaveLength(800);
    expect(await unaccountedEvents()).toBe(0);
  });
});
