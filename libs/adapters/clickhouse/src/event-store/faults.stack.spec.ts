import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '@productgraph/domain-event';
import { startFaultProxy, testStack, type FaultProxy } from '@productgraph/tools/stack';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectClickHouse, type ClickHouse } from '../client/connection.ts';
import { ClickHouseUnavailable } from '../client/faults.ts';
import {
  Crash,
  mortal,
  mortalJournal,
  openTenants,
  PARTITION,
  SpecLog,
  writeAll,
  type Kind,
  type SpecRecord,
  type SpecTenants,
} from '../testing/crash-world.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createStore } from './event-store.ts';
import { ClickHouseRefusesBlock } from './insert.ts';

/** Refused by a constraint that the suite adds to the tables. */
const POISON = 'refuse me';

let database: TestDatabase;
let tenants: SpecTenants;
beforeAll(async () => void (database = await openTestDatabase()));
afterAll(() => database.close());
beforeEach(async () => void (tenants = await openTenants()));
afterEach(() => database.clear());

const goodRecords = (count: number, each = 5): SpecRecord[] =>
  Array.from({ length: count }, () => ({ events: Array<Kind>(each).fill('good'), sessions: 1, quarantine: 0 }));

const logOf = (records: readonly SpecRecord[]): SpecLog => new SpecLog(records, tenants.ids, POISON);

/** Both projects lie on both shards, so that every block has rows for each. */
function storeOf(clickhouse: ClickHouse = database.all): EventStore {
  const { journal, projects, ids } = tenants;
  return createStore({ clickhouse, journal, projects, spread: ids });
}

/** Rows and different events, merges left out of account. */
async function stored(): Promise<{ rows: number; events: number }> {
  const [row] = await database.all.rows<{ rows: number; events: number }>({
    sql: 'SELECT count() AS rows, uniqExact(project_id, event_id) AS events FROM events',
  });
  return row ?? { rows: -1, events: -1 };
}

async function ledger(): Promise<{ accepted: number; stored: number; quarantined: number }> {
  const { journal, ids, orgId } = tenants;
  const sums = { accepted: 0, stored: 0, quarantined: 0 };
  for (const projectId of ids) {
    for (const row of await journal.ledger.rows({ orgId, projectId, from: 0, to: 2 ** 31 })) {
      sums.accepted += row.accepted;
      sums.stored += row.stored;
      sums.quarantined += row.quarantinedLater;
    }
  }
  return sums;
}

/** Goes on after faults of the server until all of the log is stored. Answers how many there were. */
async function insist(store: EventStore, log: SpecLog, sizes: readonly number[]): Promise<number> {
  for (let faults = 0; ; faults++) {
    try {
      if (await writeAll(store, log, sizes)) return faults;
    } catch (error) {
      if (!(error instanceof ClickHouseUnavailable) || faults > 500) throw error;
      await sleep(20);
    }
  }
}

describe('connections', () => {
  let proxy: FaultProxy;
  let behind: ClickHouse;
  beforeEach(async () => {
    const [first = '', ...others] = database.options.urls;
    proxy = await startFaultProxy({ target: Number(new URL(first).port) });
    const url = first.replace(/:\d+$/u, `:${proxy.port}`);
    behind = connectClickHouse({ ...database.options, urls: [url, ...others], timeoutMs: 2_000 });
  });
  afterEach(async () => {
    await behind.close();
    await proxy.stop();
  });

  it('a block whose answer is lost is written again, and is there once', async () => {
    const log = logOf(goodRecords(4));
    const store = storeOf(behind);
    proxy.dropReplies(1);
    await expect(store.write(log.block(0, 4))).rejects.toThrow(ClickHouseUnavailable);
    expect(proxy.faults()).toBe(1);
    expect(await store.position(PARTITION)).toMatchObject({ next: 0 });
    expect(await store.write(log.block(0, 4))).toEqual({ inserted: 20, duplicates: 0, refused: 0 });
    expect(await stored()).toEqual({ rows: 20, events: 20 });
    expect(await ledger()).toMatchObject({ accepted: 20, stored: 20 });
  });

  it('connections cut at random lose and double nothing', async () => {
    const log = logOf(goodRecords(30));
    proxy.cutAtRandom(0.15);
    expect(await insist(storeOf(behind), log, [3, 1, 2])).toBeGreaterThan(0);
    expect(await stored()).toEqual({ rows: 150, events: 150 });
    expect(await ledger()).toMatchObject({ accepted: 150, stored: 150 });
  });

  it('a server that answers nothing is given up, and served again when it does', async () => {
    const log = logOf(goodRecords(2));
    const store = storeOf(behind);
    proxy.silence();
    await expect(store.write(log.block(0, 2))).rejects.toThrow(ClickHouseUnavailable);
    proxy.heal();
    expect(await store.write(log.block(0, 2))).toMatchObject({ inserted: 10 });
  });
});

describe('processes', () => {
  it('a shard killed again and again under load loses and doubles nothing', async () => {
    const log = logOf(goodRecords(80, 40));
    const writing = { done: false };
    const faults = insist(storeOf(), log, [2, 1]).finally(() => (writing.done = true));
    let kills = 0;
    for (const name of ['clickhouse-1', 'clickhouse-2', 'clickhouse-1']) {
      await sleep(300);
      if (writing.done) break;
      await testStack().kill(name);
      kills++;
      await sleep(200);
      await testStack().start(name);
    }
    expect(kills).toBeGreaterThan(0);
    expect(await faults).toBeGreaterThan(0);
    expect(await stored()).toEqual({ rows: 3_200, events: 3_200 });
    expect(await ledger()).toMatchObject({ accepted: 3_200, stored: 3_200 });
  });

  it('a writer that dies at any step, and reads the log in other batches then, stores every row once', async () => {
    const records = goodRecords(8, 4);
    const life = fc.record({ dies: fc.nat(14), size: fc.integer({ min: 1, max: 5 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async (lives) => {
        tenants = await openTenants();
        await database.clear();
        const log = logOf(records);
        for (const { dies, size } of lives) {
          const { journal, projects, ids } = tenants;
          const around = mortal(dies);
          const store = createStore({
            clickhouse: mortalClickHouse(around),
            journal: mortalJournal(journal, around),
            projects,
            spread: ids,
          });
          await writeAll(store, log, [size]).catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          });
        }
        expect(await writeAll(storeOf(), log, [3])).toBe(true);
        expect(await stored()).toEqual({ rows: 32, events: 32 });
        expect(await ledger()).toMatchObject({ accepted: 32, stored: 32 });
      }),
      { numRuns: 8 },
    );
  });
});

/** Inserts and looks of a process that dies. */
function mortalClickHouse(around: ReturnType<typeof mortal>): ClickHouse {
  const { all } = database;
  return { ...all, onShard: (shard, work) => around(() => all.onShard(shard, work)) };
}

describe('tokens', () => {
  /** Stores the block's rows and dies before the range is done. */
  async function dieBeforeTheEnd(log: SpecLog): Promise<void> {
    const { journal, projects, ids } = tenants;
    const dying = { ...journal, finish: () => Promise.reject(new Crash()) };
    const store = createStore({ clickhouse: database.all, journal: dying, projects, spread: ids });
    await expect(store.write(log.block(0, log.end))).rejects.toThrow(Crash);
  }

  /** As when so many blocks came since that the tokens are forgotten. */
  async function forget(): Promise<void> {
    for (const setting of [0, 50_000]) {
      for (const node of database.all.shards.flat()) {
        await node.command({
          sql: `ALTER TABLE events_local MODIFY SETTING non_replicated_deduplication_window = ${setting}`,
        });
      }
    }
  }

  it('are what keeps rows from being doubled within ten minutes', async () => {
    const log = logOf(goodRecords(3));
    await dieBeforeTheEnd(log);
    expect(await storeOf().write(log.block(0, 3))).toMatchObject({ inserted: 15 });
    expect(await stored()).toEqual({ rows: 15, events: 15 });
    // Without them they would be.
    tenants = await openTenants();
    const other = logOf(goodRecords(3));
    await database.clear();
    await dieBeforeTheEnd(other);
    await forget();
    await storeOf().write(other.block(0, 3));
    expect(await stored()).toEqual({ rows: 30, events: 15 });
  });

  it('are not relied on later: rows are looked for before they are inserted again', async () => {
    const log = logOf(goodRecords(3));
    await dieBeforeTheEnd(log);
    await forget();
    tenants.wait(10 * 60_000 + 1);
    expect(await storeOf().write(log.block(0, 3))).toMatchObject({ inserted: 15 });
    expect(await stored()).toEqual({ rows: 15, events: 15 });
    // One shard lost its part: what is missing is inserted.
    tenants = await openTenants();
    const other = logOf(goodRecords(3));
    await database.clear();
    await dieBeforeTheEnd(other);
    await database.all.shards[0]?.[0]?.command({ sql: 'TRUNCATE TABLE events_local SYNC' });
    expect((await stored()).rows).toBeLessThan(15);
    tenants.wait(10 * 60_000 + 1);
    await storeOf().write(other.block(0, 3));
    expect(await stored()).toEqual({ rows: 15, events: 15 });
  });

  it('stand for one block each, however large', async () => {
    const log = logOf(goodRecords(1, 60_000));
    await storeOf().write(log.block(0, 1));
    for (const [node] of database.all.shards) {
      const parts = await node?.rows({
        sql: `SELECT count() AS parts, max(max_block_number - min_block_number) AS merged FROM system.parts
          WHERE database = currentDatabase() AND table = 'events_local' AND active`,
      });
      expect(parts).toEqual([{ parts: 1, merged: 0 }]);
    }
    expect(await stored()).toEqual({ rows: 60_000, events: 60_000 });
  });
});

describe('poison', () => {
  /** Alters `events_local`, and makes its twin after it unless told. */
  async function alter(sql: string, twin = true): Promise<void> {
    for (const node of database.all.shards.flat()) {
      await node.command({ sql: `ALTER TABLE events_local ${sql}` });
      if (twin) await node.command({ sql: 'CREATE OR REPLACE TABLE events_probe AS events_local ENGINE = Null' });
    }
  }
  afterEach(() => alter('DROP CONSTRAINT IF EXISTS spec'));

  it('is found by halving, quarantined once, and its neighbours stored', async () => {
    await alter(`ADD CONSTRAINT spec CHECK ifNull(page_title, '') != '${POISON}'`);
    const records = goodRecords(40);
    for (const at of [3, 17, 18]) records[at] = { events: ['good', 'poison', 'good'], sessions: 0, quarantine: 0 };
    const log = logOf(records);
    const good = log.good.length;
    expect(await storeOf().write(log.block(0, 40))).toEqual({ inserted: good, duplicates: 0, refused: 3 });
    expect(await stored()).toEqual({ rows: good, events: good });
    expect(await ledger()).toEqual({ accepted: good + 3, stored: good, quarantined: 3 });
    const filter = { orgId: tenants.orgId, code: 'store_refused', stage: 'store', after: null, limit: 9 };
    const entries = await Promise.all(
      tenants.ids.map((projectId) => tenants.journal.ledger.quarantine({ ...filter, projectId })),
    );
    const positions = entries.flat().map(({ position, message }) => [position, message.includes('Constraint `spec`')]);
    expect(positions.sort()).toEqual([[17, true], [18, true], [3, true]]); // prettier-ignore
  });

  it('is said to be the table, when it takes every row by itself; the block is stored once the table is right', async () => {
    await alter('ADD CONSTRAINT spec CHECK sequence < 0', false);
    const log = logOf(goodRecords(3));
    await expect(storeOf().write(log.block(0, 3))).rejects.toThrow(ClickHouseRefusesBlock);
    expect(await ledger()).toMatchObject({ accepted: 0, quarantined: 0 });
    await alter('DROP CONSTRAINT spec', false);
    expect(await storeOf().write(log.block(0, 3))).toMatchObject({ inserted: 15, refused: 0 });
    expect(await stored()).toEqual({ rows: 15, events: 15 });
  });
});
