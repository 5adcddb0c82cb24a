import { blockJournalSuite, systemClock } from '@productgraph/testing';
import { createMemoryTenantStore } from '../tenant/tenant-store.ts';
import { createMemoryBlockJournal } from './journal.ts';

blockJournalSuite('memory', async () => {
  const tenants = createMemoryTenantStore({ clock: systemClock });
  const journal = createMemoryBlockJournal({
    projects: tenants.projectDirectory,
    clock: systemClock,
    findEvent: async () => null,
  });
  return { journal, ledger: journal.ledger, tenants, close: async () => undefined };
});
