import { Conflict, emailKey, type Member, type TenantStore } from '@productgraph/domain-tenant';
import type { TenantContext } from './context.ts';

export function memberVerbs(context: TenantContext): Pick<TenantStore, 'members' | 'putMember' | 'removeMember'> {
  const { contents, clock, record } = context;
  const membersOf = (orgId: string): Member[] => [...contents.members.values()].filter((one) => one.orgId === orgId);

  function keepAnOwner(leaving: Member): void {
    if (leaving.role !== 'owner') return;
    if (!membersOf(leaving.orgId).some(({ id, role }) => role === 'owner' && id !== leaving.id)) {
      throw new Conflict('The last owner of an organisation stays owner');
    }
  }

  return {
    members: async (orgId) => membersOf(orgId).sort((a, b) => (a.email < b.email ? -1 : 1)),
    putMember: async ({ orgId, email, role }, actor) => {
      const known = membersOf(orgId).find((member) => emailKey(member.email) === emailKey(email));
      if (known?.role === role) return known;
      if (known !== undefined) keepAnOwner(known);
      const made = { id: context.newId(), orgId, email: email.trim(), createdAt: clock.now() };
      const member: Member = { ...(known ?? made), role };
      contents.members.set(member.id, member);
      const action = known === undefined ? 'member.create' : 'member.change';
      record({ orgId, actor, action, target: member.id, details: { email: member.email, role } });
      return member;
    },
    removeMember: async (orgId, memberId, actor) => {
      const member = contents.members.get(memberId);
      if (member?.orgId !== orgId) return false;
      keepAnOwner(member);
      contents.members.delete(memberId);
      const details = { email: member.email, role: member.role };
      record({ orgId, actor, action: 'member.remove', target: memberId, details });
      return true;
    },
  };
}
