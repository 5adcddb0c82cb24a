import { afterEach, beforeEach, describe } from 'vitest';
import { openTenants, type TenantStoreFixture, type TenantWorld } from './fixture.ts';
import { keyCases } from './key-cases.ts';
import { memberCases } from './member-cases.ts';
import { projectCases } from './project-cases.ts';

/** The contract of TenantStore and of the look-ups across tenants. */
export function tenantStoreSuite(name: string, open: () => Promise<TenantStoreFixture>): void {
  describe(`tenant store: ${name}`, () => {
    let world: TenantWorld;
    beforeEach(async () => void (world = await openTenants(open)));
    afterEach(() => world.close());

    describe('organisations and projects', () => projectCases(() => world));
    describe('keys', () => keyCases(() => world));
    describe('members', () => memberCases(() => world));
  });
}
