import { isUuid } from '@productgraph/contracts';
import { createProjectLookup, type ProjectDirectory } from '@productgraph/domain-tenant';
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

/** Looks owners up and remembers them. */
export const createOwnerLookup = (directory: ProjectDirectory): ((projectIds: Iterable<string>) => Promise<Owners>) =>
  createProjectLookup<Owner>(directory, ({ orgId, id }) => ({ org: uuidBytes(orgId), project: uuidBytes(id) }));
