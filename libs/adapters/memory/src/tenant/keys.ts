import { Conflict, type ApiKey, type TenantStore } from '@productgraph/domain-tenant';
import type { TenantContext } from './context.ts';

type KeyVerbs = Pick<TenantStore, 'keys' | 'createKey' | 'setKeyDisabled' | 'revokeKey'>;

export function keyVerbs(context: TenantContext): KeyVerbs {
  const { contents, clock } = context;
  return {
    ...changingVerbs(context),
    keys: async (orgId, projectId) =>
      [...contents.keys.values()]
        .map(({ key }) => key)
        .filter((key) => key.orgId === orgId && (projectId === null || key.projectId === projectId))
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
    createKey: async ({ hash, ...key }, actor) => {
      const { orgId, projectId, name, prefix, kind, role } = key;
      if ([...contents.keys.values()].some((other) => other.hash === hash))
        throw new Conflict('This key exists already');
      if (projectId !== null && contents.projects.get(projectId)?.orgId !== orgId) {
        throw new Conflict('The organisation has no such project');
      }
      const made: ApiKey = { ...key, id: context.newId(), createdAt: clock.now(), disabledAt: null, revokedAt: null };
      contents.keys.set(made.id, { hash, key: made });
      const details = { name, prefix, kind, projectId, role };
      context.record({ orgId, actor, action: 'key.create', target: made.id, details });
      return made;
    },
  };
}

function changingVerbs({ contents, clock, record }: TenantContext): Pick<KeyVerbs, 'setKeyDisabled' | 'revokeKey'> {
  const find = (orgId: string, keyId: string): { key: ApiKey } | null => {
    const found = contents.keys.get(keyId);
    return found?.key.orgId === orgId ? found : null;
  };
  const change = (held: { key: ApiKey }, set: Partial<ApiKey>, by: { action: string; actor: string }): ApiKey => {
    held.key = { ...held.key, ...set };
    const { id, orgId, name, prefix } = held.key;
    record({ orgId, ...by, target: id, details: { name, prefix } });
    return held.key;
  };
  return {
    setKeyDisabled: async ({ orgId, keyId, disabled }, actor) => {
      const held = find(orgId, keyId);
      if (held === null) return null;
      if (held.key.revokedAt !== null) throw new Conflict('The key is revoked');
      if ((held.key.disabledAt !== null) === disabled) return held.key;
      const action = disabled ? 'key.disable' : 'key.enable';
      return change(held, { disabledAt: disabled ? clock.now() : null }, { action, actor });
    },
    revokeKey: async (orgId, keyId, actor) => {
      const held = find(orgId, keyId);
      if (held?.key.revokedAt !== null) return held?.key ?? null;
      return change(held, { revokedAt: clock.now() }, { action: 'key.revoke', actor });
    },
  };
}
