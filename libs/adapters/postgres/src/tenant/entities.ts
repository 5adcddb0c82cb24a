import { EntitySchema, EntitySchemaOptions, type EntitySchemaColumnOptions } from 'typeorm';
import type { ApiKeyRow, AuditRow, MemberRow, OrganisationRow, ProjectRow } from './rows.ts';

/* Metadata of TypeORM as values (no decorators); tables are made by migrations only. A test compares both. */

const id: EntitySchemaColumnOptions = { type: 'uuid', primary: true };
const orgId: EntitySchemaColumnOptions = { type: 'uuid', name: 'org_id' };
const createdAt: EntitySchemaColumnOptions = { type: 'timestamptz', name: 'created_at' };
const text: EntitySchemaColumnOptions = { type: 'text' };
const json: EntitySchemaColumnOptions = { type: 'jsonb' };

type Columns<Row> = Required<EntitySchemaOptions<Row>['columns']>;

function entity<Row>(name: string, tableName: string, columns: Columns<Row>): EntitySchema<Row> {
  const options = new EntitySchemaOptions<Row>();
  options.name = name;
  options.tableName = tableName;
  options.columns = columns;
  return new EntitySchema(options);
}

export const organisationEntity = entity<OrganisationRow>('Organisation', 'organisations', {
  id,
  name: text,
  createdAt,
});

export const projectEntity = entity<ProjectRow>('Project', 'projects', {
  id,
  orgId,
  name: text,
  timeZone: { type: 'text', name: 'time_zone' },
  retentionDays: { type: 'integer', name: 'retention_days', nullable: true },
  sessionIdleMinutes: { type: 'integer', name: 'session_idle_minutes' },
  sessionMaxHours: { type: 'integer', name: 'session_max_hours' },
  limits: json,
  quotaEventsPerSecond: { type: 'integer', name: 'quota_events_per_second', nullable: true },
  quotaEventsPerMonth: { type: 'bigint', name: 'quota_events_per_month', nullable: true },
  createdAt,
});

export const apiKeyEntity = entity<ApiKeyRow>('ApiKey', 'api_keys', {
  id,
  orgId,
  projectId: { type: 'uuid', name: 'project_id', nullable: true },
  kind: text,
  name: text,
  hash: text,
  prefix: text,
  role: { type: 'text', nullable: true },
  allowedOrigins: { type: 'text', array: true, name: 'allowed_origins' },
  createdAt,
  disabledAt: { type: 'timestamptz', name: 'disabled_at', nullable: true },
  revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
});

export const memberEntity = entity<MemberRow>('Member', 'members', { id, orgId, email: text, role: text, createdAt });

export const auditEntity = entity<AuditRow>('AuditEntry', 'audit_log', {
  id,
  orgId: { ...orgId, primary: true },
  at: { type: 'timestamptz' },
  actor: text,
  action: text,
  target: text,
  details: json,
});

/** Every entity, for the data source and the drift test. */
export const ENTITIES = [organisationEntity, projectEntity, apiKeyEntity, memberEntity, auditEntity] as const;
