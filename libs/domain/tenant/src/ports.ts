import type { KeyKind } from '@productgraph/contracts';
import type { ApiKey, Member, Organisation, Project, Role } from './tenant.ts';

/** A key with the project it opens, as the ingest path needs it. */
export interface ResolvedKey {
  readonly key: ApiKey;
  /** Null for tokens of a whole organisation. */
  readonly project: Project | null;
}

/** Look-up of keys by hash, across tenants (runs before the tenant is known). */
export interface KeyDirectory {
  /** Null when no such key exists or it is revoked. */
  findByHash(hash: string): Promise<ResolvedKey | null>;
}

/** Look-up of projects across tenants, for processors. */
export interface ProjectDirectory {
  find(projectId: string): Promise<Project | null>;
}

export interface NewKey {
  readonly orgId: string;
  readonly projectId: string | null;
  readonly kind: KeyKind;
  readonly name: string;
  readonly role: Role | null;
  readonly allowedOrigins: readonly string[];
  readonly hash: string;
  readonly prefix: string;
}

/** What only the operator of the deployment may see, across tenants: start-up, command line. */
export interface TenantOverview {
  /** Every organisation, oldest first. */
  organisations(): Promise<Organisation[]>;
}

/** One line of the audit log: who did what to what. */
export interface AuditEntry {
  readonly id: string;
  readonly orgId: string;
  readonly at: number;
  /** Key id, or `system` for the command line. */
  readonly actor: string;
  /** e.g. `project.create`, `key.revoke`. */
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Metadata of tenants, always within one organisation (row-level security stands behind it).
 * Every changing verb writes its audit entry in the same transaction.
 */
export interface TenantStore {
  organisation(orgId: string): Promise<Organisation | null>;
  /** @throws Conflict when the id is taken */
  createOrganisation(organisation: Organisation, actor: string): Promise<void>;
  /** By name. */
  projects(orgId: string): Promise<Project[]>;
  project(orgId: string, projectId: string): Promise<Project | null>;
  /** @throws Conflict when a project of that name exists in the organisation */
  createProject(project: Project, actor: string): Promise<void>;
  /**
   * Changes the settings, never id, organisation or time of making. Null when there is no such project.
   * @throws Conflict when another project of the organisation has that name
   */
  changeProject(project: Project, actor: string): Promise<Project | null>;
  /** Keys of one project, or with null all of the organisation; revoked ones included, oldest first. */
  keys(orgId: string, projectId: string | null): Promise<ApiKey[]>;
  /** @throws Conflict when the organisation has no such project */
  createKey(key: NewKey, actor: string): Promise<ApiKey>;
  /**
   * Null when there is no such key.
   * @throws Conflict when it is revoked
   */
  setKeyDisabled(
    change: { readonly orgId: string; readonly keyId: string; readonly disabled: boolean },
    actor: string,
  ): Promise<ApiKey | null>;
  /** For good; revoking again changes nothing. Null when there is no such key. */
  revokeKey(orgId: string, keyId: string, actor: string): Promise<ApiKey | null>;
  /** By e-mail address. */
  members(orgId: string): Promise<Member[]>;
  /**
   * Creates or changes by e-mail address (compared case-insensitively).
   * @throws Conflict when it would take the role from the last owner
   */
  putMember(member: { orgId: string; email: string; role: Role }, actor: string): Promise<Member>;
  /**
   * False when there is no such member.
   * @throws Conflict when it is the last owner
   */
  removeMember(orgId: string, memberId: string, actor: string): Promise<boolean>;
  /** Newest first. */
  audit(orgId: string, limit: number): Promise<AuditEntry[]>;
}
