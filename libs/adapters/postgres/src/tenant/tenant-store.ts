import { isUuid } from '@productgraph/contracts';
import type { TenantStore } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import { createDataSource, inTenant } from './data-source.ts';
import { auditEntity } from './entities.ts';
import { keyVerbs } from './keys.ts';
import { memberVerbs } from './members.ts';
import { organisationVerbs, projectVerbs } from './organisations.ts';
import { auditFromRow } from './rows.ts';

export interface TenantStoreOptions {
  /** Connection URL of the login, which may take the application's role. */
  readonly url: string;
  readonly clock: Clock;
  /** At most. Default 3: metadata is read and changed rarely. */
  readonly connections?: number;
}

/** The store with its connections. */
export interface PostgresTenantStore extends TenantStore {
  end(): Promise<void>;
}

/** Connects at once. Metadata by TypeORM; every verb is one transaction behind row-level security. */
export async function openPostgresTenantStore(options: TenantStoreOptions): Promise<PostgresTenantStore> {
  const { url, clock, connections = 3 } = options;
  const source = await createDataSource(url, connections).initialize();
  const context = { source, clock };
  return {
    ...organisationVerbs(context),
    ...projectVerbs(context),
    ...keyVerbs(context),
    ...memberVerbs(context),
    async audit(orgId, limit) {
      if (!isUuid(orgId)) return [];
      const rows = await inTenant(source, orgId, (manager) =>
        manager.find(auditEntity, { where: { orgId }, order: { id: 'DESC' }, take: limit }),
      );
      return rows.map(auditFromRow);
    },
    end: () => source.destroy(),
  };
}
