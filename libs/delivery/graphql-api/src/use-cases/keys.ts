import { generateKey, hashKey, isUuid, visiblePrefix } from '@productgraph/contracts';
import {
  type ApiKey,
  mayGrant,
  type NewKey,
  newKeyFaults,
  type Principal,
  type TenantStore,
} from '@productgraph/domain-tenant';
import type { CreateKeyInput } from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { Fault, notFound } from '../request/fault.ts';
import type { Access } from './access.ts';
import { refuse } from './projects.ts';

export interface Keys {
  list(context: GraphqlContext, projectId: string | null): Promise<readonly ApiKey[]>;
  create(context: GraphqlContext, input: CreateKeyInput): Promise<{ readonly key: ApiKey; readonly secret: string }>;
  /** @throws Conflict when the key is revoked */
  setDisabled(context: GraphqlContext, id: string, disabled: boolean): Promise<ApiKey>;
  revoke(context: GraphqlContext, id: string): Promise<ApiKey>;
}

export interface KeysParts {
  readonly access: Access;
  readonly tenants: TenantStore;
  /** Called after a key was changed: verdicts about it are stale. */
  readonly changed: (keyId: string) => void;
}

export function createKeys(parts: KeysParts): Keys {
  const { access, tenants, changed } = parts;

  async function change(id: string, work: () => Promise<ApiKey | null>): Promise<ApiKey> {
    const key = await work();
    changed(id);
    if (key === null) throw notFound('key');
    return key;
  }

  return {
    async list(context, projectId) {
      const principal = access.allow(context, 'key.read');
      if (projectId === null) return tenants.keys(principal.orgId, principal.projectId);
      const { project } = await access.allowProject(context, 'key.read', projectId);
      return tenants.keys(principal.orgId, project.id);
    },
    async create(context, input) {
      const { draft, actor } = await draftOf(access, context, input);
      const secret = generateKey(draft.kind);
      const key = await tenants.createKey({ ...draft, hash: hashKey(secret), prefix: visiblePrefix(secret) }, actor);
      return { key, secret };
    },
    async setDisabled(context, id, disabled) {
      const { orgId, keyId } = await checkChange(parts, context, id);
      return change(id, () => tenants.setKeyDisabled({ orgId, keyId: id, disabled }, keyId));
    },
    async revoke(context, id) {
      const { orgId, keyId } = await checkChange(parts, context, id);
      return change(id, () => tenants.revokeKey(orgId, id, keyId));
    },
  };
}

/** A key to be made, every default resolved and checked. */
async function draftOf(
  access: Access,
  context: GraphqlContext,
  input: CreateKeyInput,
): Promise<{ draft: Omit<NewKey, 'hash' | 'prefix'>; actor: string }> {
  const principal = access.allow(context, 'key.change');
  const { kind, name, allowedOrigins } = input;
  const isToken = kind === 'pgt';
  const role = input.role ?? (isToken ? 'viewer' : null);
  checkGrant(principal, role);
  const ofAll = isToken && !input.projectId;
  const projectId = ofAll
    ? principal.projectId
    : (await access.allowProject(context, 'key.change', input.projectId)).project.id;
  const draft = { orgId: principal.orgId, projectId, kind, name, role, allowedOrigins };
  refuse(newKeyFaults(draft));
  return { draft, actor: principal.keyId };
}

/** The caller, if they may see and change the key. */
async function checkChange({ access, tenants }: KeysParts, context: GraphqlContext, id: string): Promise<Principal> {
  const principal = access.allow(context, 'key.change');
  const keys = isUuid(id) ? await tenants.keys(principal.orgId, principal.projectId) : [];
  const key = keys.find((one) => one.id === id);
  if (key === undefined) throw notFound('key');
  checkGrant(principal, key.role);
  return principal;
}

/** A token is not made, changed or revoked by a role that may not give it. */
function checkGrant(principal: Principal, role: ApiKey['role']): void {
  if (role === null || mayGrant(principal.role, role)) return;
  throw new Fault('forbidden', `The role ${principal.role} may not make or change tokens of the role ${role}.`);
}
