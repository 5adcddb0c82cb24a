import { uuidv7 } from '@productgraph/contracts';
import {
  changedSettings,
  Conflict,
  type KeyDirectory,
  type Project,
  type ProjectDirectory,
  type TenantOverview,
  type TenantStore,
} from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { TenantContents, TenantContext } from './context.ts';
import { keyVerbs } from './keys.ts';
import { memberVerbs } from './members.ts';

/** The store with the look-ups over the same data. */
export interface MemoryTenantStore extends TenantStore {
  readonly keyDirectory: KeyDirectory;
  readonly projectDirectory: ProjectDirectory;
  readonly overview: TenantOverview;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function contextOf(contents: TenantContents, clock: Clock): TenantContext {
  const newId = (): string => uuidv7(clock.now());
  return {
    contents,
    clock,
    newId,
    record: (change) => contents.audit.push({ ...change, id: newId(), at: clock.now() }),
  };
}

function nameTaken({ projects }: TenantContents, { orgId, id, name }: Project): boolean {
  return [...projects.values()].some((other) => other.orgId === orgId && other.name === name && other.id !== id);
}

const NAME_TAKEN = 'A project of this name exists already in the organisation';

type ProjectVerbs = Pick<TenantStore, 'projects' | 'project' | 'createProject' | 'changeProject'>;

function projectVerbs({ contents, record }: TenantContext): ProjectVerbs {
  const find = (orgId: string, projectId: string): Project | null => {
    const project = contents.projects.get(projectId);
    return project?.orgId === orgId ? project : null;
  };
  return {
    projects: async (orgId) =>
      [...contents.projects.values()].filter((one) => one.orgId === orgId).sort((a, b) => byText(a.name, b.name)),
    project: async (orgId, projectId) => find(orgId, projectId),
    createProject: async (project, actor) => {
      const { id, orgId, name } = project;
      if (contents.projects.has(id)) throw new Conflict('A project with this id exists already');
      if (nameTaken(contents, project)) throw new Conflict(NAME_TAKEN);
      contents.projects.set(id, project);
      record({ orgId, actor, action: 'project.create', target: id, details: { name } });
    },
    changeProject: async (project, actor) => {
      const { id, orgId } = project;
      const before = find(orgId, id);
      if (before === null) return null;
      const details = changedSettings(before, project);
      if (Object.keys(details).length === 0) return before;
      if (nameTaken(contents, project)) throw new Conflict(NAME_TAKEN);
      const after = { ...project, createdAt: before.createdAt };
      contents.projects.set(id, after);
      record({ orgId, actor, action: 'project.change', target: id, details });
      return after;
    },
  };
}

/** Same meaning as the PostgreSQL store, in maps. */
export function createMemoryTenantStore({ clock }: { readonly clock: Clock }): MemoryTenantStore {
  const contents: TenantContents = {
    organisations: new Map(),
    projects: new Map(),
    keys: new Map(),
    members: new Map(),
    audit: [],
  };
  const context = contextOf(contents, clock);
  return {
    organisation: async (orgId) => contents.organisations.get(orgId) ?? null,
    createOrganisation: async (organisation, actor) => {
      const { id, name } = organisation;
      if (contents.organisations.has(id)) throw new Conflict('An organisation with this id exists already');
      contents.organisations.set(id, organisation);
      context.record({ orgId: id, actor, action: 'organisation.create', target: id, details: { name } });
    },
    ...projectVerbs(context),
    ...keyVerbs(context),
    ...memberVerbs(context),
    audit: async (orgId, limit) =>
      contents.audit
        .filter((entry) => entry.orgId === orgId)
        .reverse()
        .slice(0, limit),
    ...directoriesOf(contents),
  };
}

function directoriesOf(
  contents: TenantContents,
): Pick<MemoryTenantStore, 'keyDirectory' | 'projectDirectory' | 'overview'> {
  return {
    keyDirectory: {
      findByHash: async (hash) => {
        const found = [...contents.keys.values()].find((one) => one.hash === hash && one.key.revokedAt === null);
        if (found === undefined) return null;
        const { key } = found;
        return { key, project: key.projectId === null ? null : (contents.projects.get(key.projectId) ?? null) };
      },
    },
    projectDirectory: { find: async (projectId) => contents.projects.get(projectId) ?? null },
    overview: {
      organisations: async () =>
        [...contents.organisations.values()].sort((a, b) => a.createdAt - b.createdAt || byText(a.id, b.id)),
    },
  };
}
