import type { Organisation, Principal, TenantStore } from '@productgraph/domain-tenant';
import { notFound } from '../request/fault.ts';

/** The organisation that the token belongs to. */
export async function organisationOf(tenants: TenantStore, { orgId }: Principal): Promise<Organisation> {
  const organisation = await tenants.organisation(orgId);
  if (organisation === null) throw notFound('organisation');
  return organisation;
}
