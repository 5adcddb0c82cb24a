import { generateKey, hashKey, uuidv7, visiblePrefix } from '@productgraph/contracts';
import type { Clock } from '@productgraph/kernel';
import type { NewKey, TenantStore } from './ports.ts';
import type { ProjectSettings } from './settings.ts';
import type { ApiKey, Organisation, Project } from './tenant.ts';

/** A key that was just made: the secret exists nowhere else. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/**
 * Makes a key and stores its hash.
 * @throws Conflict when the organisation has no such project
 */
export async function issueKey(
  store: Pick<TenantStore, 'createKey'>,
  draft: Omit<NewKey, 'hash' | 'prefix'>,
  actor: string,
): Promise<IssuedKey> {
  const secret = generateKey(draft.kind);
  const key = await store.createKey({ ...draft, hash: hashKey(secret), prefix: visiblePrefix(secret) }, actor);
  return { key, secret };
}

/** A project that can be used at once: a key of each kind. */
export interface ProvisionedProject {
  readonly project: Project;
  readonly write: IssuedKey;
  readonly secret: IssuedKey;
  /** Of the role owner, for the whole organisation. */
  readonly token: IssuedKey;
}

export interface ProvisionDeps {
  readonly store: Pick<TenantStore, 'createProject' | 'createOrganisation' | 'createKey'>;
  readonly clock: Pick<Clock, 'now'>;
  /** In the audit log. */
  readonly actor: string;
}

/** @throws Conflict when the id is taken */
export async function provisionOrganisation(
  { store, clock, actor }: ProvisionDeps,
  name: string,
): Promise<Organisation> {
  const now = clock.now();
  const organisation = { id: uuidv7(now), name, createdAt: now };
  await store.createOrganisation(organisation, actor);
  return organisation;
}

/**
 * A project with a write key, a secret key and an owner's API token.
 * @throws Conflict when a project of that name exists in the organisation
 */
export async function provisionProject(
  { store, clock, actor }: ProvisionDeps,
  orgId: string,
  settings: ProjectSettings,
): Promise<ProvisionedProject> {
  const now = clock.now();
  const project = { ...settings, id: uuidv7(now), orgId, createdAt: now };
  await store.createProject(project, actor);
  const draft = { orgId, projectId: project.id, role: null, allowedOrigins: [] };
  return {
    project,
    write: await issueKey(store, { ...draft, kind: 'pgw', name: 'Write key' }, actor),
    secret: await issueKey(store, { ...draft, kind: 'pgs', name: 'Secret key' }, actor),
    token: await issueKey(store, { ...draft, projectId: null, kind: 'pgt', name: 'API token', role: 'owner' }, actor),
  };
}
