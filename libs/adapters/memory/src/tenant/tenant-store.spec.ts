import { systemClock, tenantStoreSuite } from '@productgraph/testing';
import { createMemoryTenantStore } from './tenant-store.ts';

tenantStoreSuite('memory', async () => {
  const store = createMemoryTenantStore({ clock: systemClock });
  return {
    store,
    keys: store.keyDirectory,
    projects: store.projectDirectory,
    overview: store.overview,
    close: async () => undefined,
  };
});
