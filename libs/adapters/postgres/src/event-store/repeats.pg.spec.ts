import { EVENT_FLAGS, type StoredEvent } from '@productgraph/contracts';
import { unaccounted } from '@productgraph/domain-ledger';
import type { Project } from '@productgraph/domain-tenant';
import { organisationOf, projectOf, storeBlock, storedEvent, systemClock } from '@productgraph/testing';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresLedgerStore } from '../ledger/ledger-store.ts';
import { primaryReads } from '../read-pool.ts';
import { createPostgresSettlementProgress } from '../settlement/settlement-progress.ts';
import { createPostgresProjectDirectory } from '../tenant/directories.ts';
import { openPostgresTenantStore } from '../tenant/tenant-store.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createPostgresEventStore } from './event-store.ts';
import { createStoreMaintenance } from './maintenance.ts';
import { createMonths } from './months.ts';
import { removeRepeats } from './repeats.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 6, 15, 12);
const clock = { ...systemClock, now: () => NOW };

let database: TestDatabase;
let admin: Client;
let store: ReturnType<typeof createPostgresEventStore>;
let project: Project;
let foreign: Project;
let offset = 0;

beforeEach(async () => {
  database = await createTestDatabase();
  admin = new Client(database.url);
  await admin.connect();
  const { writer } = database.pools;
  store = createPostgresEventStore({
    pool: writer,
    projects: createPostgresProjectDirectory(writer),
    months: createMonths(writer),
  });
  const tenants = await openPostgresTenantStore({ url: database.url, clock });
  const make = async (): Promise<Project> => {
    const organisation = organisationOf();
    const made = projectOf({ orgId: organisation.id });
    await tenants.createOrganisation(organisation, 'system');
    await tenants.createProject(made, 'system');
    return made;
  };
  [project, foreign] = [await make(), await make()];
  await tenants.end();
  offset = 0;
});

afterEach(async () => {
  await admin.end();
  await database.drop();
});

/** An event without a time of its own, received so long ago. */
function event(eventId: string, ago: number, fields: Partial<StoredEvent> = {}): StoredEvent {
  const receivedAt = NOW - ago;
  const flags = EVENT_FLAGS.untimed;
  return storedEvent({ projectId: project.id, eventId, receivedAt, timestamp: receivedAt, flags, ...fields });
}

async function write(...events: readonly StoredEvent[]): Promise<void> {
  for (const one of events) {
    const accepted = { [one.projectId]: { [String(Math.floor(one.receivedAt / 60_000))]: 1 } };
    await store.write(storeBlock({ first: offset, last: offset, events: [{ event: one, offset }], accepted }));
    offset += 1;
  }
}

/** Records that were appended and are not stored: they may be of any time. */
async function appendUnread(): Promise<void> {
  await admin.query(
    `INSERT INTO log_topics (topic, generation, partitions, dedupe_window) VALUES ('events', 1, 1, 1000);
     INSERT INTO log_head (topic, generation, partition, next)
     SELECT topic, generation, log_partition, next + 5 FROM writer_heads`,
  );
}

const check = (now = NOW): Promise<number> => removeRepeats(database.pools.writer, { now, latenessMs: DAY });

async function left({ id } = project, userKey = 'u:ann'): Promise<unknown[]> {
  const range = { projectId: id, userKey, from: 0, to: Date.UTC(2100, 0) };
  return (await store.userEvents(range)).map(({ eventId, timestamp }) => [eventId, (NOW - timestamp) / HOUR]);
}

describe('an id that comes again with another time', () => {
  it('leaves its first copy; the later ones are deleted and counted as duplicates where they were received', async () => {
    await write(event('a', 50 * HOUR), event('b', 49 * HOUR), event('a', 20 * HOUR), event('a', 2 * HOUR));
    expect(await check()).toBe(2);
    expect(await left()).toEqual([['a', 50], ['b', 49]]); // prettier-ignore
    const ledger = createPostgresLedgerStore({ reads: primaryReads(database.pools.app), clock });
    const rows = await ledger.rows({ orgId: project.orgId, projectId: project.id, from: 0, to: 2 ** 31 - 1 });
    expect(
      rows.map(({ minute, accepted, stored, duplicate }) => [NOW / HOUR - minute / 60, accepted, stored, duplicate]),
    ).toEqual([
      [50, 1, 1, 0],
      [49, 1, 1, 0],
      [20, 1, 0, 1],
      [2, 1, 0, 1],
    ]);
    expect(rows.reduce((sum, row) => sum + unaccounted(row), 0)).toBe(0);
  });

  it.each([
    ['by receipt and not by time', { timestamp: NOW - 100 * HOUR }, [['a', 6]]],
    ['in another month', { timestamp: Date.UTC(2015, 4, 1) }, [['a', 6]]],
  ])('the later one is told %s', async (_what, fields, expected) => {
    await write(event('a', 6 * HOUR), event('a', 3 * HOUR, fields));
    expect(await check()).toBe(1);
    expect(await left()).toEqual(expected);
  });

  it.each<[string, () => StoredEvent[]]>([
    ['of another project', () => [event('a', 3 * HOUR), event('a', 2 * HOUR, { projectId: foreign.id })]],
    ['more than 7 days later', () => [event('a', 7 * DAY + 3 * HOUR), event('a', 2 * HOUR)]],
    ['in other letters', () => [event('a', 3 * HOUR), event('A', 2 * HOUR)]],
    ['in the hour that is not over', () => [event('a', 3 * HOUR), event('a', -5)]],
  ])('is left alone: %s', async (_what, events) => {
    await write(...events());
    expect(await check(NOW + HOUR / 2)).toBe(0);
  });

  it('makes settlement look at its user, in time', async () => {
    await write(
      event('a', 50 * HOUR),
      event('a', 20 * HOUR),
      event('b', 9 * HOUR),
      event('b', 8 * HOUR, { userId: 'bob', userKey: 'u:bob' }),
    );
    expect(await check()).toBe(2);
    const progress = createPostgresSettlementProgress(database.pools);
    const deferred = await progress.deferred(0, NOW + 100 * DAY);
    const projectId = project.id;
    expect(deferred.sort((a, b) => a.at - b.at)).toEqual([
      { projectId, userKey: 'u:ann', from: NOW - 50 * HOUR, to: NOW - 20 * HOUR + 1, at: NOW - 20 * HOUR + DAY },
      { projectId, userKey: 'u:bob', from: NOW - 8 * HOUR, to: NOW - 8 * HOUR + 1, at: NOW - 8 * HOUR + DAY },
    ]);
  });
});

describe('the check', () => {
  it('goes on where it was, and finds nothing twice', async () => {
    await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
    expect([await check(), await check()]).toEqual([1, 0]);
    await write(event('a', -HOUR / 2));
    const later = NOW + HOUR + HOUR / 6;
    expect([await check(NOW), await check(later - 1), await check(later), await check(later)]).toEqual([0, 0, 1, 0]);
  });

  it('waits until the event-writer has stored the hour', async () => {
    await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
    await appendUnread();
    await admin.query('UPDATE writer_heads SET runner_time = $1', [NOW - 30 * HOUR]);
    expect(await check()).toBe(0);
    expect(await left()).toHaveLength(2);
    await admin.query('UPDATE log_head SET next = next - 5');
    expect(await check()).toBe(1);
  });

  it('takes an hour with records unread only when the event-writer is past it by the slack', async () => {
    await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
    await appendUnread();
    const through = NOW - 19 * HOUR + HOUR / 6;
    await admin.query('UPDATE writer_heads SET runner_time = $1', [through - 1]);
    expect(await check()).toBe(0);
    await admin.query('UPDATE writer_heads SET runner_time = $1', [through]);
    expect(await check()).toBe(1);
  });

  it.each([
    ['one that is ahead does not stand for it', { other: 5, writer: 0, removed: 0 }],
    ['one that is behind does not hold it up', { other: -1, writer: 5, removed: 1 }],
  ])("goes by the event-writer's group alone: %s", async (_what, { other, writer, removed }) => {
    await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
    await appendUnread();
    await admin.query(
      `INSERT INTO writer_heads (log_group, topic, generation, log_partition, next, runner_time)
       SELECT 'another', topic, generation, log_partition, next + ${String(other)}, 0 FROM writer_heads`,
    );
    await admin.query(
      `UPDATE writer_heads SET next = next + ${String(writer)}, runner_time = 0 WHERE log_group = 'event-writer'`,
    );
    expect(await check()).toBe(removed);
  });

  it('waits for what was received in the hour and reached the log behind it', async () => {
    await write(event('a', 50 * HOUR));
    expect(await check(NOW + HOUR / 12)).toBe(0);
    await write(event('a', 1));
    expect(await check(NOW + HOUR / 6)).toBe(1);
  });

  it('keeps its word to settlement when that is at work on the user', async () => {
    await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
    const progress = createPostgresSettlementProgress(database.pools);
    const users = [{ projectId: project.id, userKey: 'u:ann', from: 0, to: NOW, at: NOW + 30 * DAY }];
    await progress.defer(0, users);
    const taken = await progress.deferred(0, NOW + 100 * DAY);
    expect(await check()).toBe(1);
    await progress.undefer(0, taken);
    expect(await progress.deferred(0, NOW + 100 * DAY)).toHaveLength(1);
  });

  it.each(['repeats_check', 'settlement_deferred'])(
    'ends in a statement that waits for %s when told to',
    async (table) => {
      await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
      const stop = new AbortController();
      await admin.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const told = removeRepeats(database.pools.writer, { now: NOW, latenessMs: DAY, signal: stop.signal });
      const blocked = 'SELECT count(*)::integer AS n FROM pg_locks WHERE NOT granted AND relation IS NOT NULL';
      await expect.poll(async () => (await admin.query<{ n: number }>(blocked)).rows[0]?.n).toBeGreaterThan(0);
      stop.abort(new Error('enough'));
      await expect(told).rejects.toThrow('enough');
      await admin.query('ROLLBACK');
      expect(await left()).toHaveLength(2);
    },
  );

  it('does not begin when it was told to end before', async () => {
    await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
    const told = removeRepeats(database.pools.writer, {
      now: NOW,
      latenessMs: DAY,
      signal: AbortSignal.abort(new Error('enough')),
    });
    await expect(told).rejects.toThrow('enough');
    expect(await left()).toHaveLength(2);
  });

  it('is a step of upkeep', async () => {
    await write(event('a', 50 * HOUR), event('a', 20 * HOUR));
    const { writer } = database.pools;
    const upkeep = createStoreMaintenance({ pool: writer, months: createMonths(writer), clock });
    expect(await upkeep.run()).toMatchObject({ repeats: 1 });
  });
});
