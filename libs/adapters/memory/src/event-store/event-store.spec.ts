import { eventStoreSuite, systemClock } from '@productgraph/testing';
import { createMemoryTenantStore } from '../tenant/tenant-store.ts';
import { createMemoryEventStore } from './event-store.ts';

eventStoreSuite('memory', async () => {
  const tenants = createMemoryTenantStore({ clock: systemClock });
  const store = createMemoryEventStore({ projects: tenants.projectDirectory });
  return { store, ledger: store.ledger, tenants, copiesSeen: { when: 'written' }, close: async () => undefined };
});
