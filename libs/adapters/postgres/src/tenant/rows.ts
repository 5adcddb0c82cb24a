import type { IngestLimits, KeyKind } from '@productgraph/contracts';
import type { ApiKey, AuditEntry, Member, Organisation, Project, Role } from '@productgraph/domain-tenant';

/* Rows as TypeORM gives them; every field is a column, times are Dates. */

export interface OrganisationRow {
  id: string;
  name: string;
  createdAt: Date;
}

export interface ProjectRow {
  id: string;
  orgId: string;
  name: string;
  timeZone: string;
  retentionDays: number | null;
  sessionIdleMinutes: number;
  sessionMaxHours: number;
  limits: Partial<IngestLimits>;
  quotaEventsPerSecond: number | null;
  /** bigint: text in the driver. */
  quotaEventsPerMonth: string | null;
  createdAt: Date;
}

export interface ApiKeyRow {
  id: string;
  orgId: string;
  projectId: string | null;
  kind: KeyKind;
  name: string;
  hash: string;
  prefix: string;
  role: Role | null;
  allowedOrigins: string[];
  createdAt: Date;
  disabledAt: Date | null;
  revokedAt: Date | null;
}

export interface MemberRow {
  id: string;
  orgId: string;
  email: string;
  role: Role;
  createdAt: Date;
}

export interface AuditRow {
  id: string;
  orgId: string;
  at: Date;
  actor: string;
  action: string;
  target: string;
  details: Record<string, string | number | boolean | null>;
}

export const organisationFromRow = (row: OrganisationRow): Organisation => ({
  id: row.id,
  name: row.name,
  createdAt: row.createdAt.getTime(),
});

export const projectFromRow = (row: ProjectRow): Project => ({
  id: row.id,
  orgId: row.orgId,
  name: row.name,
  timeZone: row.timeZone,
  retentionDays: row.retentionDays,
  sessionIdleMinutes: row.sessionIdleMinutes,
  sessionMaxHours: row.sessionMaxHours,
  limits: row.limits,
  quota: {
    eventsPerSecond: row.quotaEventsPerSecond,
    eventsPerMonth: row.quotaEventsPerMonth === null ? null : Number(row.quotaEventsPerMonth),
  },
  createdAt: row.createdAt.getTime(),
});

export const projectToRow = (project: Project): ProjectRow => ({
  id: project.id,
  orgId: project.orgId,
  name: project.name,
  timeZone: project.timeZone,
  retentionDays: project.retentionDays,
  sessionIdleMinutes: project.sessionIdleMinutes,
  sessionMaxHours: project.sessionMaxHours,
  limits: project.limits,
  quotaEventsPerSecond: project.quota.eventsPerSecond,
  quotaEventsPerMonth: project.quota.eventsPerMonth === null ? null : String(project.quota.eventsPerMonth),
  createdAt: new Date(project.createdAt),
});

/** The hash stays in the store. */
export const keyFromRow = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  orgId: row.orgId,
  projectId: row.projectId,
  kind: row.kind,
  name: row.name,
  prefix: row.prefix,
  role: row.role,
  allowedOrigins: row.allowedOrigins,
  createdAt: row.createdAt.getTime(),
  disabledAt: row.disabledAt?.getTime() ?? null,
  revokedAt: row.revokedAt?.getTime() ?? null,
});

export const memberFromRow = (row: MemberRow): Member => ({
  id: row.id,
  orgId: row.orgId,
  email: row.email,
  role: row.role,
  createdAt: row.createdAt.getTime(),
});

export const auditFromRow = (row: AuditRow): AuditEntry => ({
  id: row.id,
  orgId: row.orgId,
  at: row.at.getTime(),
  actor: row.actor,
  action: row.action,
  target: row.target,
  details: row.details,
});
