import { isUuid } from '@productgraph/contracts';
import {
  emailKey,
  isEmail,
  type Member,
  mayGrant,
  type Principal,
  type Role,
  type TenantStore,
} from '@productgraph/domain-tenant';
import type { GraphqlContext } from '../request/context.ts';
import { Fault, notFound } from '../request/fault.ts';
import type { Access } from './access.ts';
import { refuse } from './projects.ts';

export interface Members {
  list(context: GraphqlContext): Promise<readonly Member[]>;
  /** @throws Conflict when it would take the role from the last owner */
  put(context: GraphqlContext, member: { readonly email: string; readonly role: Role }): Promise<Member>;
  /** @throws Conflict when it is the last owner */
  remove(context: GraphqlContext, id: string): Promise<boolean>;
}

export function createMembers(access: Access, tenants: TenantStore): Members {
  return {
    async list(context) {
      return tenants.members(access.allowOrganisation(context, 'member.read').orgId);
    },
    async put(context, { email, role }) {
      const principal = access.allowOrganisation(context, 'member.change');
      const { orgId, keyId } = principal;
      refuse(isEmail(email.trim()) ? [] : [{ field: 'email', message: 'an e-mail address' }]);
      checkGrant(principal, role);
      const members = await tenants.members(orgId);
      const before = members.find((member) => emailKey(member.email) === emailKey(email));
      if (before) checkGrant(principal, before.role);
      return tenants.putMember({ orgId, email: email.trim(), role }, keyId);
    },
    async remove(context, id) {
      const principal = access.allowOrganisation(context, 'member.change');
      const { orgId, keyId } = principal;
      const members = isUuid(id) ? await tenants.members(orgId) : [];
      const member = members.find((one) => one.id === id);
      if (member === undefined) throw notFound('member');
      checkGrant(principal, member.role);
      if (!(await tenants.removeMember(orgId, id, keyId))) throw notFound('member');
      return true;
    },
  };
}

function checkGrant(principal: Principal, role: Role): void {
  if (mayGrant(principal.role, role)) return;
  throw new Fault('forbidden', `The role ${principal.role} may not give or take the role ${role}.`);
}
