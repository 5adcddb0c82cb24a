import { isUuid, uuidv7 } from '@productgraph/contracts';
import { Conflict, type ApiKey, type TenantStore } from '@productgraph/domain-tenant';
import type { EntityManager } from 'typeorm';
import { asConflict, audit, inTenant } from './data-source.ts';
import { apiKeyEntity } from './entities.ts';
import type { TenantContext } from './organisations.ts';
import { keyFromRow, type ApiKeyRow } from './rows.ts';

interface KeyChange {
  readonly action: string;
  readonly set: Partial<Pick<ApiKeyRow, 'disabledAt' | 'revokedAt'>>;
}

interface HeldKey {
  readonly manager: EntityManager;
  readonly row: ApiKeyRow;
}

type Verbs<K extends keyof TenantStore> = Pick<TenantStore, K>;

export function keyVerbs(context: TenantContext): Verbs<'keys' | 'createKey' | 'setKeyDisabled' | 'revokeKey'> {
  return {
    ...changingVerbs(context),
    async keys(orgId, projectId) {
      if (!isUuid(orgId) || (projectId !== null && !isUuid(projectId))) return [];
      const where = projectId === null ? { orgId } : { orgId, projectId };
      const rows = await inTenant(context.source, orgId, (manager) =>
        manager.find(apiKeyEntity, { where, order: { createdAt: 'ASC', id: 'ASC' } }),
      );
      return rows.map(keyFromRow);
    },
    async createKey(key, actor) {
      const { orgId, name, prefix, kind, projectId } = key;
      const now = context.clock.now();
      const row: ApiKeyRow = {
        ...key,
        id: uuidv7(now),
        allowedOrigins: [...key.allowedOrigins],
        createdAt: new Date(now),
        disabledAt: null,
        revokedAt: null,
      };
      await inTenant(context.source, orgId, async (manager) => {
        await manager.insert(apiKeyEntity, row);
        const details = { name, prefix, kind, projectId, role: key.role };
        await audit(manager, { orgId, actor, action: 'key.create', target: row.id, details }, context.clock);
      }).catch((error: unknown) => {
        throw asConflict(error);
      });
      return keyFromRow(row);
    },
  };
}

function changingVerbs(context: TenantContext): Verbs<'setKeyDisabled' | 'revokeKey'> {
  const { clock } = context;

  async function apply({ manager, row }: HeldKey, change: KeyChange, actor: string): Promise<ApiKey> {
    await manager.update(apiKeyEntity, { id: row.id, orgId: row.orgId }, change.set);
    const details = { name: row.name, prefix: row.prefix };
    await audit(manager, { orgId: row.orgId, actor, action: change.action, target: row.id, details }, clock);
    return keyFromRow({ ...row, ...change.set });
  }

  return {
    async setKeyDisabled({ orgId, keyId, disabled }, actor) {
      return holdKey(context, { orgId, keyId }, async (held) => {
        if (held.row.revokedAt !== null) throw new Conflict('The key is revoked');
        if ((held.row.disabledAt !== null) === disabled) return keyFromRow(held.row);
        const set = { disabledAt: disabled ? new Date(clock.now()) : null };
        return apply(held, { action: disabled ? 'key.disable' : 'key.enable', set }, actor);
      });
    },
    async revokeKey(orgId, keyId, actor) {
      return holdKey(context, { orgId, keyId }, async (held) => {
        if (held.row.revokedAt !== null) return keyFromRow(held.row);
        return apply(held, { action: 'key.revoke', set: { revokedAt: new Date(clock.now()) } }, actor);
      });
    },
  };
}

/** Holds the key's row while `change` decides; null = no such key. */
async function holdKey(
  { source }: TenantContext,
  { orgId, keyId }: { readonly orgId: string; readonly keyId: string },
  change: (held: HeldKey) => Promise<ApiKey>,
): Promise<ApiKey | null> {
  if (!isUuid(orgId) || !isUuid(keyId)) return null;
  return inTenant(source, orgId, async (manager) => {
    const where = { id: keyId, orgId };
    const row = await manager.findOne(apiKeyEntity, { where, lock: { mode: 'pessimistic_write' } });
    return row === null ? null : change({ manager, row });
  });
}
