import type { KeyKind } from '@productgraph/contracts';
import { issueKey, type Role } from '@productgraph/domain-tenant';
import type { CliContext } from './context.ts';
import { withTenants } from './database.ts';
import { chooseProject } from './projects.ts';

/** Who does it, in the audit log. */
export const ACTOR = 'system';

export interface Borrowing {
  readonly kind: KeyKind;
  /** Of API tokens. */
  readonly role: Role | null;
  /** What it is for, as key lists show it. */
  readonly purpose: string;
  readonly project: string | undefined;
}

/**
 * Runs the work with a key of its own, which is revoked afterwards: on the machine of the database nobody needs to hand
 * one over.
 */
export async function withBorrowedKey<T>(
  context: CliContext,
  { kind, role, purpose, project: wanted }: Borrowing,
  work: (secret: string) => Promise<T>,
): Promise<T> {
  const config = context.config();
  const { key, secret } = await withTenants(config, async (tenants) => {
    const { organisation, project } = await chooseProject(tenants, wanted);
    const draft = { orgId: organisation.id, projectId: project.id, kind, role, allowedOrigins: [] };
    return issueKey(tenants.store, { ...draft, name: `${purpose} (for the time of it)` }, ACTOR);
  });
  try {
    return await work(secret);
  } finally {
    await withTenants(config, ({ store }) => store.revokeKey(key.orgId, key.id, ACTOR));
  }
}
