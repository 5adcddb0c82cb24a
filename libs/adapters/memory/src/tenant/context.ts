import type { ApiKey, AuditEntry, Member, Organisation, Project } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';

/** What the store holds. */
export interface TenantContents {
  readonly organisations: Map<string, Organisation>;
  readonly projects: Map<string, Project>;
  readonly keys: Map<string, { readonly hash: string; key: ApiKey }>;
  readonly members: Map<string, Member>;
  readonly audit: AuditEntry[];
}

/** What every part of the store works with. */
export interface TenantContext {
  readonly contents: TenantContents;
  readonly clock: Clock;
  /** A new id of the present. */
  readonly newId: () => string;
  readonly record: (change: Omit<AuditEntry, 'id' | 'at'>) => void;
}
