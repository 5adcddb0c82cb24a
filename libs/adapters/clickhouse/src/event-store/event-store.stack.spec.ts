import { createMemoryBlockJournal, createMemoryTenantStore } from '@productgraph/adapter-memory';
import { eventStoreSuite, systemClock } from '@productgraph/testing';
import { afterAll, beforeAll } from 'vitest';
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
