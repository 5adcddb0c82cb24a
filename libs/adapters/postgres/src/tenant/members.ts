import { isUuid, uuidv7 } from '@productgraph/contracts';
import { Conflict, emailKey, type Member, type TenantStore } from '@productgraph/domain-tenant';
import type { EntityManager } from 'typeorm';
import { asConflict, audit, inTenant } from './data-source.ts';
import { memberEntity } from './entities.ts';
import type { TenantContext } from './organisations.ts';
import { memberFromRow, type MemberRow } from './rows.ts';

/** Holds every owner's row, so that two owners cannot remove each other at the same moment. */
async function keepAnOwner(manager: EntityManager, leaving: MemberRow): Promise<void> {
  if (leaving.role !== 'owner') return;
  const owners = await manager.find(memberEntity, {
    where: { orgId: leaving.orgId, role: 'owner' },
    lock: { mode: 'pessimistic_write' },
  });
  if (!owners.some(({ id }) => id !== leaving.id)) throw new Conflict('The last owner of an organisation stays owner');
}

function byEmail(manager: EntityManager, orgId: string, email: string): Promise<MemberRow | null> {
  return manager
    .createQueryBuilder(memberEntity, 'member')
    .where('member.orgId = :orgId AND lower(member.email) = :email', { orgId, email: emailKey(email) })
    .getOne();
}

type NewMember = Parameters<TenantStore['putMember']>[0];

async function put(
  manager: EntityManager,
  { orgId, email, role }: NewMember,
  { clock }: TenantContext,
): Promise<[Member, string]> {
  const known = await byEmail(manager, orgId, email);
  if (known === null) {
    const now = clock.now();
    const row: MemberRow = { id: uuidv7(now), orgId, email: email.trim(), role, createdAt: new Date(now) };
    await manager.insert(memberEntity, row);
    return [memberFromRow(row), 'member.create'];
  }
  if (known.role === role) return [memberFromRow(known), ''];
  await keepAnOwner(manager, known);
  await manager.update(memberEntity, { id: known.id, orgId }, { role });
  return [memberFromRow({ ...known, role }), 'member.change'];
}

export function memberVerbs(context: TenantContext): Pick<TenantStore, 'members' | 'putMember' | 'removeMember'> {
  const { source, clock } = context;
  return {
    async members(orgId) {
      if (!isUuid(orgId)) return [];
      const rows = await inTenant(source, orgId, (manager) =>
        manager.find(memberEntity, { where: { orgId }, order: { email: 'ASC' } }),
      );
      return rows.map(memberFromRow);
    },
    async putMember(member, actor) {
      const { orgId, role } = member;
      return inTenant(source, orgId, async (manager) => {
        const [stored, action] = await put(manager, member, context);
        const details = { email: stored.email, role };
        if (action !== '') await audit(manager, { orgId, actor, action, target: stored.id, details }, clock);
        return stored;
      }).catch((error: unknown) => {
        throw asConflict(error);
      });
    },
    async removeMember(orgId, memberId, actor) {
      if (!isUuid(orgId) || !isUuid(memberId)) return false;
      return inTenant(source, orgId, async (manager) => {
        const row = await manager.findOneBy(memberEntity, { id: memberId, orgId });
        if (row === null) return false;
        await keepAnOwner(manager, row);
        const { affected } = await manager.delete(memberEntity, { id: memberId, orgId });
        if (affected !== 1) return false;
        const details = { email: row.email, role: row.role };
        await audit(manager, { orgId, actor, action: 'member.remove', target: memberId, details }, clock);
        return true;
      });
    },
  };
}
