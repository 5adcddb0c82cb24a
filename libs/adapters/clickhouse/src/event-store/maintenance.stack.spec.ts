import { createMemoryBlockJournal, createMemoryTenantStore } from '@productgraph/adapter-memory';
import type { Project } from '@productgraph/domain-tenant';
import {
  BUILT_AT,
  organisationOf,
  projectOf,
  sessionRow,
  storeBlock,
  storedEvent,
  systemClock,
} from '@productgraph/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createStore } from './event-store.ts';
import { createClickHouseMaintenance, type ClickHouseMaintenanceReport } from './maintenance.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 15, 12);

let database: TestDatabase;
let now = NOW;
let made: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  now = NOW;
  database = await openTestDatabase();
  made = await open();
});
afterEach(() => database.close());

async function open() {
  const clock = { ...systemClock, now: () => now };
  const tenants = createMemoryTenantStore({ clock });
  const organisation = organisationOf();
  await tenants.createOrganisation(organisation, 'system');
  const keep = async (name: string, retentionDays: number | null): Promise<Project> => {
    const project = projectOf({ orgId: organisation.id, name, retentionDays });
    await tenants.createProject(project, 'system');
    return project;
  };
  const projects = tenants.projectDirectory;
  const journal = createMemoryBlockJournal({ projects, clock, findEvent: () => Promise.resolve(null) });
  const clickhouse = database.all;
  return {
    keep,
    journal,
    store: createStore({ clickhouse, journal, projects }),
    maintenance: createClickHouseMaintenance({ clickhouse, journal, projects, clock }),
  };
}

let offset = 0;
async function write(project: Project, times: readonly number[]): Promise<void> {
  const events = times.map((timestamp, index) => ({
    event: storedEvent({ projectId: project.id, timestamp, eventId: `${offset}-${index}` }),
    offset,
  }));
  const sessions = times.map((start, index) =>
    sessionRow({ projectId: project.id, start, sessionId: `${offset}-${index}` }),
  );
  const partition = { group: 'event-writer', topic: 'events', generation: 1, partition: offset++ } as const;
  await made.store.write(storeBlock({ partition, first: 0, last: 0, events, sessions }));
}

async function timesOf(project: Project): Promise<number[]> {
  const range = { projectId: project.id, userKey: 'u:ann', from: 0, to: Date.UTC(2100, 0) };
  const sessions = await made.store.userSessions(range);
  const events = (await made.store.userEvents(range)).map(({ timestamp }) => timestamp);
  expect(sessions.map(({ start }) => start)).toEqual(events);
  return events;
}

/** Runs, and waits until ClickHouse has removed what it was told to. */
async function maintain(): Promise<ClickHouseMaintenanceReport> {
  const report = await made.maintenance.run();
  for (const { shard, table } of report.expiring) {
    await database.all.onShard(shard, async (node) => {
      for (;;) {
        const left = await node.rows({
          sql: `SELECT 1 FROM system.mutations WHERE database = currentDatabase() AND table = {table:String} AND NOT is_done`,
          params: { table },
        });
        if (left.length === 0) return;
        await systemClock.sleep(20);
      }
    });
  }
  return report;
}

it('removes whole months that a project no longer keeps, and nothing of others', async () => {
  const [short, long, forever] = [
    await made.keep('short', 30),
    await made.keep('long', 365),
    await made.keep('all', null),
  ];
  const times = [Date.UTC(2024, 0, 31, 23), Date.UTC(2026, 3, 30, 23), Date.UTC(2026, 4, 31, 23), NOW];
  for (const project of [short, long, forever]) await write(project, times);
  const { expiring } = await maintain();
  expect(expiring.length).toBeGreaterThan(0);
  expect(await timesOf(short)).toEqual(times.slice(2));
  expect(await timesOf(long)).toEqual(times.slice(1));
  expect(await timesOf(forever)).toEqual(times);
  // Once a day.
  expect((await maintain()).expiring).toEqual([]);
  now += 30 * DAY;
  await maintain();
  expect(await timesOf(short)).toEqual(times.slice(3));
});

it('calls yesterday’s copies duplicates, an hour after midnight, each once', async () => {
  const project = await made.keep('one', null);
  const received = Date.UTC(2026, 5, 14, 23, 59);
  const event = storedEvent({ projectId: project.id, timestamp: BUILT_AT, eventId: 'twice', receivedAt: received });
  const minute = String(Math.floor(received / 60_000));
  for (let first = 0; first < 3; first++) {
    const events = [{ event: { ...event, receivedAt: received + first }, offset: first }];
    await made.store.write(storeBlock({ first, events, accepted: { [project.id]: { [minute]: 1 } } }));
  }
  const rows = () => made.journal.ledger.rows({ orgId: project.orgId, projectId: project.id, from: 0, to: 2 ** 31 });
  now = Date.UTC(2026, 5, 15, 0, 59);
  expect(await maintain()).toMatchObject({ copies: 0 });
  now = Date.UTC(2026, 5, 15, 1);
  expect(await maintain()).toMatchObject({ copies: 2 });
  expect(await maintain()).toMatchObject({ copies: 0 });
  expect(await rows()).toMatchObject([{ accepted: 3, stored: 1, duplicate: 2 }]);
  const [stored] = await made.store.userEvents({ projectId: project.id, userKey: 'u:ann', from: 0, to: NOW });
  expect(stored).toEqual(event);
});

it('stops between two months when asked to', async () => {
  await write(await made.keep('one', 30), [Date.UTC(2024, 0)]);
  const reason = new Error('stop');
  await expect(made.maintenance.run(AbortSignal.abort(reason))).rejects.toBe(reason);
  expect((await maintain()).expiring.length).toBeGreaterThan(0);
});
