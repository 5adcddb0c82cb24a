import { isUuid } from '@productgraph/contracts';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import { uuidBytes } from '../rows/row-writer.ts';

/** Whose rows a project's are, as bytes of `uuidBytes`. */
export interface Owner {
  readonly org: Uint8Array;
  readonly project: Uint8Array;
}

/** Owners by project id; null = no such project. */
export type Owners = ReadonlyMap<string, Owner | null>;

/** Of rows whose project has gone since they were recorded. */
const NOBODY = uuidBytes('00000000-0000-0000-0000-000000000000');

/** Where rows of a project go that is not known any more. */
export function nobodysOwner(projectId: string): Owner {
  return { org: NOBODY, project: isUuid(projectId) ? uuidBytes(projectId) : NOBODY };
}

const MAX_KNOWN = 10_000;

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
        owner = project === null ? null : { org: uuidBytes(project.orgId), project: uuidBytes(project.id) };
        if (known.size >= MAX_KNOWN) known.clear();
        if (owner !== null) known.set(projectId, owner);
      }
      owners.set(projectId, owner);
    }
    return owners;
  };
}
