import { isUuid } from '@productgraph/contracts';
import { createProjectLookup, type ProjectDirectory } from '@productgraph/domain-tenant';
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

function ownerOf(orgId: string, projectId: string): Owner {
  return { orgId, projectId, org: uuidBytes(orgId), project: uuidBytes(projectId) };
}

/** Where rows of an unknown project go: under its id as far as it is one. */
export function nobodysOwner(projectId: string): Owner {
  return ownerOf(NOBODY, isUuid(projectId) ? projectId.toLowerCase() : NOBODY);
}

/** Looks owners up and remembers them. */
export const createOwnerLookup = (directory: ProjectDirectory): ((projectIds: Iterable<string>) => Promise<Owners>) =>
  createProjectLookup<Owner>(directory, ({ orgId, id }) => ownerOf(orgId, id));
