import { createMemoryBlockJournal, createMemoryTenantStore } from '@productgraph/adapter-memory';
import { eventStoreSuite, systemClock } from '@productgraph/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectClickHouse } from '../client/connection.ts';
import { createClickHouseEventFinder } from '../ledger/find-event.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { openClickHouseEventStore } from './event-store.ts';
import { recountStored } from './recount.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()));
afterAll(() => database.close());

const EVER = { from: 0, to: 2 ** 31 - 1 };

eventStoreSuite('ClickHouse on two shards', async () => {
  const { all, clear } = database;
  const tenants = createMemoryTenantStore({ clock: systemClock });
  const projects = tenants.projectDirectory;
  const journal = createMemoryBlockJournal({
    projects,
    clock: systemClock,
    findEvent: createClickHouseEventFinder(all),
  });
  return {
    store: await openClickHouseEventStore({ clickhouse: all, journal, projects }),
    ledger: journal.ledger,
    tenants,
    copiesSeen: {
      when: 'read',
      recount: async () => {
        await recountStored(all, journal, EVER);
      },
    },
    close: clear,
  };
});

it('refuses a database that was begun with another number of shards', async () => {
  const { options } = database;
  const fewer = connectClickHouse({ ...options, urls: options.urls.slice(0, 1) });
  const tenants = createMemoryTenantStore({ clock: systemClock });
  const projects = tenants.projectDirectory;
  const journal = createMemoryBlockJournal({ projects, clock: systemClock, findEvent: () => Promise.resolve(null) });
  const opening = openClickHouseEventStore({ clickhouse: fewer, journal, projects });
  await expect(opening).rejects.toThrow(/lie on 2 shards and CLICKHOUSE_URLS names 1: name the shards/u);
  await fewer.close();
});
