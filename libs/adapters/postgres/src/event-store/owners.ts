import { isUuid } from '@productgraph/contracts';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import { uuidBytes } from './copy-writer.ts';

/** Organisation and project of rows whose project nobody knows; no tenant has it, so none can see them. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Whose rows a project's are. */
export interface Owner {
  readonly orgId: string;
  readonly projectId: string;
  readonly org: Uint8Array;
  readonly project: Uint8Array;
}

/** Owners by project id; null = no such project. */
export type Owners = ReadonlyMap<string, Owner | null>;

const MAX_KNOWN = 10_000;

function ownerOf(orgId: string, projectId: string): Owner {
  return { orgId, projectId, org: uuidBytes(orgId), project: uuidBytes(projectId) };
}

/** Where rows of an unknown project go: under its id as far as it is one. */
export function nobodysOwner(projectId: string): Owner {
  return ownerOf(NOBODY, isUuid(projectId) ? projectId.toLowerCase() : NOBODY);
}

/**
 * Looks owners up and remembers them: a project never changes its organisation. That a project is unknown is not remembered,
 * as it may have been made a moment ago.
 */
export function createOwnerLookup(directory: ProjectDirectory): (projectIds: Iterable<string>) => Promise<Owners> {
  const known = new Map<string, Owner>();
  return async (projectIds) => {
    const owners = new Map<string, Owner | null>();
    for (const projectId of new Set(projectIds)) {
      let owner = known.get(projectId) ?? null;
      if (owner === null) {
        const project = isUuid(projectId) ? await directory.find(projectId) : null;
        owner = project === null ? null : ownerOf(project.orgId, project.id);
        if (known.size >= MAX_KNOWN) known.clear();
        if (owner !== null) known.set(projectId, owner);
      }
      owners.set(projectId, owner);
    }
    return owners;
  };
}
