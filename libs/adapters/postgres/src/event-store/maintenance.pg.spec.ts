import { uuidv7 } from '@productgraph/contracts';
import type { Project } from '@productgraph/domain-tenant';
import {
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
import { createPostgresLedgerStore } from '../ledger/ledger-store.ts';
import { limitQuarantine, pruneLedger } from '../ledger/prune.ts';
import { primaryReads } from '../read-pool.ts';
import { createPostgresProjectDirectory } from '../tenant/directories.ts';
import { openPostgresTenantStore } from '../tenant/tenant-store.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createPostgresEventStore } from './event-store.ts';
import { createStoreMaintenance, type MaintenanceReport } from './maintenance.ts';
import { createMonths } from './months.ts';

const NOW = Date.UTC(2026, 6, 15);
const DAY = 86_400_000;
const clock = { ...systemClock, now: () => NOW };

let database: TestDatabase;
let admin: Client;
let store: ReturnType<typeof createPostgresEventStore>;
let maintain: () => Promise<MaintenanceReport>;
let offset = 0;

beforeEach(async () => {
  database = await createTestDatabase();
  admin = new Client(database.url);
  await admin.connect();
  const { writer } = database.pools;
  const months = createMonths(writer);
  store = createPostgresEventStore({ pool: writer, projects: createPostgresProjectDirectory(writer), months });
  maintain = () => createStoreMaintenance({ pool: writer, months, clock }).run();
  offset = 0;
});

afterEach(async () => {
  await admin.end();
  await database.drop();
});

async function projectWith(retentionDays: number | null): Promise<Project> {
  const tenants = await openPostgresTenantStore({ url: database.url, clock });
  const organisation = organisationOf();
  const project = projectOf({ orgId: organisation.id, retentionDays });
  await tenants.createOrganisation(organisation, 'system');
  await tenants.createProject(project, 'system');
  await tenants.end();
  return project;
}

async function write(project: Project, times: readonly number[]): Promise<void> {
  const events = times.map((timestamp, index) => ({
    event: storedEvent({ projectId: project.id, timestamp, eventId: `${offset}-${index}`, receivedAt: timestamp }),
    offset,
  }));
  const sessions = times.map((start, index) =>
    sessionRow({ projectId: project.id, start, sessionId: `${offset}-${index}` }),
  );
  await store.write(storeBlock({ first: offset, last: offset, events, sessions }));
  offset += 1;
}

async function timesOf(project: Project): Promise<number[]> {
  const range = { projectId: project.id, userKey: 'u:ann', from: 0, to: Date.UTC(2100, 0) };
  return (await store.userEvents(range)).map(({ timestamp }) => timestamp);
}

async function partitions(): Promise<string[]> {
  const { rows } = await admin.query<{ relname: string }>(
    `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'events'::regclass ORDER BY 1`,
  );
  return rows.map(({ relname }) => relname);
}

describe('months', () => {
  it('are made ahead', async () => {
    await maintain();
    expect(await partitions()).toEqual(['events_2026_07', 'events_2026_08', 'events_2026_09']);
  });

  it('are made once by many at the same time, writes going on', async () => {
    const project = await projectWith(null);
    await write(project, [NOW]);
    const many = Array.from({ length: 6 }, () =>
      createMonths(database.pools.writer).ensure('events', [24_180, 24_181]),
    );
    await Promise.all([...many, write(project, [NOW + 1])]);
    expect(await partitions()).toEqual(['events_2015_01', 'events_2015_02', 'events_2026_07']);
  });

  it('are made again when they vanish under a writer', async () => {
    const project = await projectWith(null);
    await write(project, [NOW]);
    await admin.query('DROP TABLE events_2026_07, sessions_2026_07');
    await write(project, [NOW + 1]);
    await admin.query('DROP TABLE events_2026_07');
    // By the other way in: through the staging table.
    const twin = storedEvent({ projectId: project.id, timestamp: NOW, eventId: 'twin' });
    const block = storeBlock({
      first: offset,
      last: offset,
      events: [
        { event: twin, offset },
        { event: twin, offset },
      ],
    });
    expect(await store.write(block)).toMatchObject({ inserted: 1, duplicates: 1 });
    expect(await timesOf(project)).toEqual([NOW]);
  });
});

describe('retention', () => {
  it('drops months that are expired for every project in them, with events and sessions', async () => {
    const [short, long] = [await projectWith(30), await projectWith(60)];
    await write(short, [Date.UTC(2026, 3, 30), Date.UTC(2026, 4, 1), Date.UTC(2026, 4, 31), NOW]);
    await write(long, [Date.UTC(2026, 3, 30), NOW]);
    const report = await maintain();
    expect(report.events).toEqual({ dropped: ['events_2026_04', 'events_2026_05'], deleted: 0, postponed: [] });
    expect(report.sessions.dropped).toEqual(['sessions_2026_04', 'sessions_2026_05']);
    expect(await timesOf(short)).toEqual([NOW]);
    expect(await timesOf(long)).toEqual([NOW]);
    expect(await maintain()).toMatchObject({ events: { dropped: [], deleted: 0 } });
  });

  it('deletes the rows of expired projects where others still need the month', async () => {
    const [short, ever] = [await projectWith(30), await projectWith(null)];
    const april = Date.UTC(2026, 3, 10);
    await write(short, [april, april + 1, NOW]);
    await write(ever, [april, NOW]);
    const report = await maintain();
    expect(report).toMatchObject({ events: { dropped: [], deleted: 2 }, sessions: { dropped: [], deleted: 2 } });
    expect(await timesOf(short)).toEqual([NOW]);
    expect(await timesOf(ever)).toEqual([april, NOW]);
  });

  it('keeps a month until its last day has expired, and everything where nothing expires', async () => {
    const project = await projectWith(30);
    const justInside = NOW - 30 * DAY;
    await write(project, [Date.UTC(2026, 5, 1), justInside]);
    expect(await maintain()).toMatchObject({ events: { dropped: [], deleted: 0 } });
    expect(await timesOf(project)).toHaveLength(2);
  });

  it('keeps data of the year 2000 of a project without retention', async () => {
    const project = await projectWith(null);
    await write(project, [Date.UTC(2000, 0, 1)]);
    expect(await maintain()).toMatchObject({ events: { dropped: [], deleted: 0 } });
    expect(await timesOf(project)).toHaveLength(1);
  });

  it('does not wait for long questions: the month is dropped next time', async () => {
    const project = await projectWith(30);
    await write(project, [Date.UTC(2026, 3, 10)]);
    await admin.query('BEGIN; SELECT FROM events');
    expect(await maintain()).toMatchObject({ events: { dropped: [], postponed: ['events_2026_04'] } });
    await admin.query('COMMIT');
    expect(await maintain()).toMatchObject({ events: { dropped: ['events_2026_04'], postponed: [] } });
  });
});

describe('retention beside other work', () => {
  const april = Date.UTC(2026, 3, 10);
  const waiting = (): Promise<void> =>
    until('maintenance waits', async () => {
      const { rowCount } = await database.pools.writer.query(
        `SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return (rowCount ?? 0) > 0;
    });

  it('keeps what a project that was made meanwhile has stored', async () => {
    const project = await projectWith(30);
    await write(project, [april]);
    await admin.query('BEGIN');
    const made = await admin.query<{ id: string }>(
      `INSERT INTO projects (id, org_id, name, time_zone, created_at)
       VALUES (gen_random_uuid(), $1, 'new', 'UTC', now()) RETURNING id`,
      [project.orgId],
    );
    const id = made.rows[0]?.id ?? '';
    await admin.query(
      `CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM events;
       UPDATE copied SET project_id = '${id}';
       INSERT INTO events SELECT * FROM copied`,
    );
    const maintained = maintain();
    await waiting();
    await admin.query('COMMIT');
    expect(await maintained).toMatchObject({ events: { dropped: [], deleted: 1, postponed: [] } });
    expect(await timesOf({ ...project, id })).toEqual([april]);
    expect(await timesOf(project)).toEqual([]);
  });

  it('keeps what belongs to a project that is not listed', async () => {
    const [unlisted, short] = [await projectWith(30), await projectWith(30)];
    await write(unlisted, [april]);
    await write(short, [april]);
    await admin.query('DELETE FROM projects WHERE id = $1', [unlisted.id]);
    expect(await maintain()).toMatchObject({ events: { dropped: [], deleted: 1 } });
    expect(await timesOf(unlisted)).toEqual([april]);
  });

  it('waits for a question without the question waiting for it', async () => {
    await write(await projectWith(30), [april]);
    await admin.query('BEGIN; LOCK TABLE ONLY events IN ACCESS SHARE MODE');
    const maintained = maintain();
    await waiting();
    await admin.query('SELECT FROM events_2026_04');
    await admin.query('COMMIT');
    expect(await maintained).toMatchObject({ events: { dropped: ['events_2026_04'] } });
  });

  it('runs the other steps when one fails, and tells of it', async () => {
    const project = await projectWith(30);
    await write(project, [april]);
    const accepted = { [project.id]: { [String(april / 60_000)]: 1 } };
    await store.write(storeBlock({ first: offset, last: offset, accepted }));
    await admin.query('ALTER TABLE quarantine RENAME TO elsewhere');
    await expect(maintain()).rejects.toThrow('quarantine');
    expect(await partitions()).not.toContain('events_2026_04');
    const { rows } = await admin.query('SELECT FROM ledger_minutes');
    expect(rows).toEqual([]);
  });
});

describe('a stop', () => {
  it('is heard between two steps: what was begun is done, the rest is left to the next run', async () => {
    const april = Date.UTC(2026, 3, 10);
    const project = await projectWith(30);
    const entry = quarantineEntry({ projectId: project.id, receivedAt: NOW - 31 * DAY });
    await store.write(storeBlock({ first: offset, last: offset, quarantine: [entry] }));
    offset += 1;
    await write(project, [april]);
    const stopping = new AbortController();
    const months = createMonths(database.pools.writer);
    // What is forgotten behind retention, before quarantine.
    const forget = (): void => {
      months.forget();
      stopping.abort(new Error('stopping'));
    };
    const upkeep = createStoreMaintenance({ pool: database.pools.writer, months: { ...months, forget }, clock });
    await expect(upkeep.run(stopping.signal)).rejects.toThrow('stopping');
    expect(await partitions()).not.toContain('events_2026_04');
    const { rowCount } = await admin.query('SELECT FROM quarantine');
    expect(rowCount).toBe(1);
    expect(await maintain()).toMatchObject({ quarantine: 1 });
  });

  it('that came before begins nothing', async () => {
    const project = await projectWith(30);
    await write(project, [Date.UTC(2026, 3, 10)]);
    const months = createMonths(database.pools.writer);
    const upkeep = createStoreMaintenance({ pool: database.pools.writer, months, clock });
    await expect(upkeep.run(AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
    expect(await partitions()).toEqual(['events_2026_04']);
  });
});

describe('quarantine', () => {
  it('loses what is older than 30 days', async () => {
    const project = await projectWith(null);
    const quarantine = [31, 30, 1].map((days) =>
      quarantineEntry({ projectId: project.id, receivedAt: NOW - days * DAY }),
    );
    await store.write(storeBlock({ quarantine }));
    expect(await maintain()).toMatchObject({ quarantine: 1 });
    expect(await entries(project)).toEqual([quarantine[2]?.id, quarantine[1]?.id]);
  });

  it("loses the oldest of a project that has more than its share, and nothing of another's", async () => {
    const [full, small] = [await projectWith(null), await projectWith(null)];
    const make = (project: Project, seconds: number): ReturnType<typeof quarantineEntry> => {
      const receivedAt = NOW - 1000 * seconds;
      return quarantineEntry({
        projectId: project.id,
        receivedAt,
        // Ids of imports hold no time.
        id: uuidv7(seconds * 1000),
        message: '',
        payload: 'x'.repeat(800),
      });
    };
    const kept = [1, 2, 3].map((seconds) => make(full, seconds));
    const gone = [4, 5, 6].map((seconds) => make(full, seconds));
    const other = [7, 8].map((seconds) => make(small, seconds));
    await store.write(storeBlock({ quarantine: [...gone, ...kept, ...other] }));
    expect(await limitQuarantine(database.pools.writer, NOW, { days: 30, bytes: 3_500 })).toBe(3);
    expect(await entries(full)).toEqual(kept.map(({ id }) => id));
    expect(await entries(small)).toHaveLength(2);
  });

  async function entries({ orgId, id: projectId }: Project): Promise<string[]> {
    const ledger = createPostgresLedgerStore({ reads: primaryReads(database.pools.app), clock });
    const filter = { orgId, projectId, code: null, stage: null, after: null, limit: 100 };
    return (await ledger.quarantine(filter)).map(({ id }) => id);
  }
});

describe('ledger', () => {
  it('sums minutes older than 7 days into days, and stragglers too', async () => {
    const project = await projectWith(null);
    const { orgId, id: projectId } = project;
    const old = Date.UTC(2026, 6, 1);
    const count = async (receivedAt: number, n: number): Promise<void> => {
      const accepted = { [projectId]: { [String(Math.floor(receivedAt / 60_000))]: n } };
      await store.write(storeBlock({ first: offset, last: offset, accepted }));
      offset += 1;
    };
    await count(old, 1);
    await count(old + DAY - 1, 2);
    await count(old + DAY, 4);
    await count(NOW, 8);
    expect(await pruneLedger(database.pools.writer, NOW)).toBe(3);
    await count(old + 60_000, 16);
    expect(await pruneLedger(database.pools.writer, NOW)).toBe(1);
    expect(await pruneLedger(database.pools.writer, NOW)).toBe(0);
    const ledger = createPostgresLedgerStore({ reads: primaryReads(database.pools.app), clock });
    const rows = await ledger.rows({ orgId, projectId, from: old / 60_000, to: NOW / 60_000 + 1 });
    const seen = rows.map(({ minute, accepted }) => [new Date(minute * 60_000).toISOString().slice(0, 16), accepted]);
    expect(seen).toEqual([['2026-07-01T00:00', 19], ['2026-07-02T00:00', 4], ['2026-07-15T00:00', 8]]); // prettier-ignore
  });
});
