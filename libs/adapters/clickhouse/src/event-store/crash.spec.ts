import type { LedgerRow } from '@productgraph/domain-ledger';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClickHouse } from '../client/connection.ts';
import {
  Crash,
  KINDS,
  mortal,
  mortalJournal,
  openTenants,
  PARTITION,
  SpecLog,
  writeAll,
  type SpecRecord,
  type SpecTenants,
} from '../testing/crash-world.ts';
import { FakeShards, POISON } from '../testing/fake-shards.ts';
import { createStore } from './event-store.ts';

const record: fc.Arbitrary<SpecRecord> = fc.record({
  events: fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant('good' as const) }, fc.constantFrom(...KINDS)), {
    maxLength: 6,
  }),
  sessions: fc.nat(2),
  quarantine: fc.nat(2),
});

/** A process that lives until it has done something that often; what happens until the next one comes. */
const life = fc.record({
  dies: fc.nat(24),
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
  pause: fc.constantFrom(0, 0, 700_000),
  shards: fc.constantFrom(2, 2, 3),
});

interface World {
  readonly tenants: SpecTenants;
  readonly shards: FakeShards;
  readonly log: SpecLog;
}

async function openWorld(records: readonly SpecRecord[]): Promise<World> {
  const tenants = await openTenants();
  return { tenants, shards: new FakeShards(3), log: new SpecLog(records, tenants.ids, POISON) };
}

/** A process with that many of the shards; it dies at the given point. */
function storeOf({ tenants, shards }: World, dies: number, count = 2): ReturnType<typeof createStore> {
  const around = mortal(dies);
  const all = shards.client(around);
  const clickhouse: ClickHouse = { ...all, shards: all.shards.slice(0, count) };
  return createStore({ clickhouse, journal: mortalJournal(tenants.journal, around), projects: tenants.projects });
}

async function ledgerOf({ tenants }: World): Promise<LedgerRow[]> {
  const { journal, orgId, ids } = tenants;
  const rows = await Promise.all(
    ids.map((projectId) => journal.ledger.rows({ orgId, projectId, from: 0, to: 2 ** 31 })),
  );
  return rows.flat();
}

async function uninterrupted(records: readonly SpecRecord[]): Promise<{ world: World; ledger: LedgerRow[] }> {
  const world = await openWorld(records);
  await writeAll(storeOf(world, Infinity), world.log, [1]);
  return { world, ledger: (await ledgerOf(world)).map((row) => ({ ...row, projectId: '' })) };
}

describe('a writer that dies', () => {
  it('stores every row once, wherever it dies and however the log is cut afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 12 }),
        fc.array(life, { maxLength: 8 }),
        async (records, lives) => {
          const world = await openWorld(records);
          const { tenants, shards, log } = world;
          let most = 2;
          for (const { dies, sizes, pause, shards: count } of lives) {
            most = Math.max(most, count);
            await writeAll(storeOf(world, dies, most), log, sizes).catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error;
            });
            tenants.wait(pause);
            if (pause > 0) shards.forgetTokens();
          }
          expect(await writeAll(storeOf(world, Infinity, most), log, [4, 1])).toBe(true);
          expect(shards.faults).toEqual([]);
          for (const id of log.good) expect([id, shards.count('events_local', id)]).toEqual([id, 1]);
          expect(shards.count('events_local', '<poison') + shards.count('events_local', '<unstorable')).toBe(0);
          const ledger = (await ledgerOf(world)).map((row) => ({ ...row, projectId: '' }));
          expect(ledger).toEqual((await uninterrupted(records)).ledger);
          expect((await tenants.journal.position(PARTITION)).open).toBeNull();
        },
      ),
      { numRuns: 400 },
    );
  });

  it('lets another process take over at any point, and one of the two win each range', async () => {
    const records = Array.from({ length: 9 }, (_, n): SpecRecord => ({
      events: ['good', n % 3 === 0 ? 'poison' : 'good', 'copy', n % 4 === 1 ? 'unstorable' : 'good'],
      sessions: 1,
      quarantine: n % 2,
    }));
    const { ledger } = await uninterrupted(records);
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (s, a, b) => {
          const world = await openWorld(records);
          const steps = <T>(work: () => T | Promise<T>): Promise<T> => s.schedule(Promise.resolve()).then(work);
          const all = world.shards.client(steps);
          const processes = [a, b].map(async (size) => {
            const clickhouse = { ...all, shards: all.shards.slice(0, 2) };
            const { journal, projects } = world.tenants;
            const store = createStore({ clickhouse, journal: mortalJournal(journal, steps), projects });
            while (!(await writeAll(store, world.log, [size])));
          });
          await s.waitFor(Promise.all(processes));
          expect(world.shards.faults).toEqual([]);
          for (const id of world.log.good) expect([id, world.shards.count('events_local', id)]).toEqual([id, 1]);
          expect((await ledgerOf(world)).map((row) => ({ ...row, projectId: '' }))).toEqual(ledger);
        },
      ),
      { numRuns: 100 },
    );
  });
});
