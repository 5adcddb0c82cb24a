import { uuidv7 } from '@productgraph/contracts';
import type {
  KeyDirectory,
  NewKey,
  Organisation,
  Project,
  ProjectDirectory,
  TenantOverview,
  TenantStore,
} from '@productgraph/domain-tenant';
import { createHash } from 'node:crypto';
import { organisationOf, projectOf } from '../builders/rows.ts';

/** An empty tenant store under test, with the look-ups over the same data. */
export interface TenantStoreFixture {
  readonly store: TenantStore;
  readonly keys: KeyDirectory;
  readonly projects: ProjectDirectory;
  readonly overview: TenantOverview;
  close(): Promise<void>;
}

/** A fixture with two organisations of one project each. */
export interface TenantWorld extends TenantStoreFixture {
  readonly organisation: Organisation;
  readonly project: Project;
  readonly foreign: { readonly organisation: Organisation; readonly project: Project };
}

export const ACTOR = 'system';

export async function openTenants(open: () => Promise<TenantStoreFixture>): Promise<TenantWorld> {
  const fixture = await open();
  const make = async (name: string): Promise<{ organisation: Organisation; project: Project }> => {
    const organisation = organisationOf({ name });
    const project = projectOf({ orgId: organisation.id });
    await fixture.store.createOrganisation(organisation, ACTOR);
    await fixture.store.createProject(project, ACTOR);
    return { organisation, project };
  };
  return { ...fixture, ...(await make('Acme')), foreign: await make('Rival') };
}

/** A write key of the project, never made before. */
export function newKey({ project }: Pick<TenantWorld, 'project'>, fields: Partial<NewKey> = {}): NewKey {
  const secret = uuidv7(0);
  return {
    orgId: project.orgId,
    projectId: project.id,
    kind: 'pgw',
    name: 'web',
    role: null,
    allowedOrigins: [],
    hash: createHash('sha256').update(secret).digest('hex'),
    prefix: `pgw_${secret.slice(-6)}`,
    ...fields,
  };
}

/** Actions of the organisation's audit log, newest first. */
export async function actions({ store, organisation }: TenantWorld): Promise<string[]> {
  return (await store.audit(organisation.id, 100)).map(({ action }) => action);
}
