import { setTimeout as sleep } from 'node:timers/promises';
import { testStack } from '@productgraph/tools/stack';
import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withTransaction } from './pool.ts';
import { createReadPool, type ReadPool, type ReadPoolOptions, type ReplicaState } from './read-pool.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';
import { eventually, testReplica } from './testing/replica.ts';

/* What a read sees: the greatest n that was written, and which server told it. */

interface Seen {
  readonly n: number;
  readonly replica: boolean;
}

const stack = testStack();
const replica = testReplica();
const MAX_LAG_MS = 1_000;

let database: TestDatabase;
let reads: ReadPool;
let states: ReplicaState[];
let written = 0;

beforeAll(async () => {
  database = await createTestDatabase({ serverUrl: replica.primaryUrl });
  await withTransaction(database.pools.writer, { role: 'owner' }, (client) =>
    client.query('CREATE TABLE notes (n int); GRANT SELECT, INSERT ON notes TO productgraph_app'),
  );
  await replica.caughtUp();
});
afterAll(() => database.drop());

beforeEach(() => open());
afterEach(() => reads.end());

const open = (options: Partial<ReadPoolOptions> = {}): void => {
  states = [];
  reads = createReadPool({
    pools: database.pools,
    replicaUrl: replica.urlOf(database.url),
    maxLagMs: MAX_LAG_MS,
    onState: (state) => states.push(state),
    ...options,
  });
};

async function write(): Promise<void> {
  written++;
  await withTransaction(reads.primary, { role: 'app' }, (client) =>
    client.query('INSERT INTO notes VALUES ($1)', [written]),
  );
}

const look = async (client: PoolClient): Promise<Seen> => {
  const { rows } = await client.query<Seen>(
    'SELECT coalesce(max(n), 0) AS n, pg_is_in_recovery() AS replica FROM notes',
  );
  return rows[0] ?? { n: 0, replica: false };
};
const see = (): Promise<Seen> => reads.read({ role: 'app' }, look);

const served = (by: 'replica' | 'primary'): Promise<void> =>
  eventually(`the ${by} serves`, async () => (await see()).replica === (by === 'replica'));

describe('reads that may lag', () => {
  it('are served by the replica once it has answered, and by the primary until then', async () => {
    expect(await see()).toMatchObject({ replica: false });
    await served('replica');
    expect(states).toEqual(['serving']);
  });

  it('see what was written before, always, and soon from the replica', async () => {
    for (let turn = 0; turn < 60; turn++) {
      await served('replica');
      await write();
      reads.seeWrites();
      const seen = await Promise.all([see(), see()]);
      expect(seen.map(({ n }) => n)).toEqual([written, written]);
    }
    await served('replica');
    expect(await see()).toEqual({ n: written, replica: true });
  });

  it('are served by the primary while the replica lags by more than the bound', async () => {
    await write();
    await replica.caughtUp();
    await served('replica');
    const before = written;
    await replica.query('SELECT pg_wal_replay_pause()');
    try {
      await write();
      const began = performance.now();
      let last = await see();
      expect(last).toEqual({ n: before, replica: true });
      while (performance.now() - began < 3 * MAX_LAG_MS) {
        const seen = await see();
        // What is older than the bound is seen, whoever tells it.
        if (performance.now() - began > MAX_LAG_MS + 50) expect(seen).toEqual({ n: written, replica: false });
        last = seen;
        await sleep(20);
      }
      expect(last).toEqual({ n: written, replica: false });
      expect(states).toContain('behind');
    } finally {
      await replica.query('SELECT pg_wal_replay_resume()');
    }
    await served('replica');
    expect((await see()).n).toBe(written);
  });

  it('are served by the primary at once after a write that the replica does not have', async () => {
    await served('replica');
    await replica.query('SELECT pg_wal_replay_pause()');
    try {
      await write();
      reads.seeWrites();
      expect(await see()).toEqual({ n: written, replica: false });
    } finally {
      await replica.query('SELECT pg_wal_replay_resume()');
    }
    await served('replica');
  });

  it('are read again on the primary where the replica’s word is not believed', async () => {
    await served('replica');
    const seen = await reads.read({ role: 'app' }, look, ({ replica: fromReplica }) => !fromReplica);
    expect(seen.replica).toBe(false);
  });
});

describe('a replica', () => {
  it('that is killed costs no read, and serves again when it is back', async () => {
    await served('replica');
    await stack.kill('postgres-replica');
    for (let turn = 0; turn < 20; turn++) expect((await see()).replica).toBe(false);
    expect(states).toContain('down');
    await write();
    expect((await see()).n).toBe(written);
    await stack.start('postgres-replica');
    await served('replica');
    expect(states.at(-1)).toBe('serving');
  });

  it('that stands still holds up a read for 2 s, and no other one', async () => {
    await served('replica');
    await stack.pause('postgres-replica');
    try {
      const began = performance.now();
      expect((await see()).replica).toBe(false);
      expect(performance.now() - began).toBeLessThan(3_000);
      const then = performance.now();
      for (let turn = 0; turn < 50; turn++) expect((await see()).replica).toBe(false);
      expect(performance.now() - then).toBeLessThan(1_000);
    } finally {
      stack.resume('postgres-replica');
    }
    await served('replica');
  });

  it('is left for the read from which recovery takes what it reads', async () => {
    await served('replica');
    await replica.query(`ALTER SYSTEM SET max_standby_streaming_delay = '50ms'`);
    await replica.query('SELECT pg_reload_conf()');
    try {
      const tries: boolean[] = [];
      const seen = await reads.read({ role: 'app' }, async (client) => {
        const { replica: onReplica } = await look(client);
        tries.push(onReplica);
        if (onReplica) {
          await withTransaction(database.pools.writer, { role: 'owner' }, (owner) =>
            owner.query('ALTER TABLE notes ADD COLUMN IF NOT EXISTS more int'),
          );
          await client.query('SELECT pg_sleep(10)');
        }
        return look(client);
      });
      expect(tries).toEqual([true, false]);
      expect(seen).toEqual({ n: written, replica: false });
      expect(states).toEqual(['serving']);
    } finally {
      await replica.query('ALTER SYSTEM RESET max_standby_streaming_delay');
      await replica.query('SELECT pg_reload_conf()');
    }
  });

  it('is cancelled with the reader’s signal', async () => {
    await served('replica');
    const gone = new AbortController();
    const began = performance.now();
    const read = reads.read({ role: 'app', signal: gone.signal }, async (client) => {
      expect((await look(client)).replica).toBe(true);
      setTimeout(() => gone.abort(new Error('gone')), 50);
      await client.query('SELECT pg_sleep(20)');
    });
    await expect(read).rejects.toThrow('gone');
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await replica.query(`SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(20)%'`)).toEqual([]);
  });

  it('does not hide what is wrong with the read itself', async () => {
    await served('replica');
    const read = reads.read({ role: 'app' }, (client) => client.query('INSERT INTO notes VALUES (0)'));
    await expect(read).rejects.toThrow('read-only transaction');
    expect((await see()).replica).toBe(true);
  });
});

describe('an address that is no replica’s', () => {
  it('of a primary: reads are the primary’s', async () => {
    await reads.end();
    open({ replicaUrl: database.url });
    await eventually('it was looked at', async () => (await see()).n === written && states.includes('behind'));
    for (let turn = 0; turn < 20; turn++) expect((await see()).replica).toBe(false);
    expect(states).not.toContain('serving');
  });

  it('where nothing listens: reads are the primary’s', async () => {
    await reads.end();
    open({ replicaUrl: 'postgres://postgres@127.0.0.1:1/none' });
    for (let turn = 0; turn < 20; turn++) {
      expect(await see()).toEqual({ n: written, replica: false });
      await sleep(5);
    }
  });
});
