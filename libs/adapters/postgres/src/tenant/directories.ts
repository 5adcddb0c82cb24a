import { isUuid, type IngestLimits, type KeyKind } from '@productgraph/contracts';
import type {
  ApiKey,
  KeyDirectory,
  Organisation,
  Project,
  ProjectDirectory,
  ResolvedKey,
  Role,
  TenantOverview,
} from '@productgraph/domain-tenant';
import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '../pool.ts';
import type { ReadPool } from '../read-pool.ts';

/* Rows as `to_jsonb` gives them: snake case, times as ISO text. */

interface ProjectJson {
  readonly id: string;
  readonly org_id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly retention_days: number | null;
  readonly session_idle_minutes: number;
  readonly session_max_hours: number;
  readonly limits: Partial<IngestLimits>;
  readonly quota_events_per_second: number | null;
  readonly quota_events_per_month: number | null;
  readonly created_at: string;
}

interface KeyJson {
  readonly id: string;
  readonly org_id: string;
  readonly project_id: string | null;
  readonly kind: KeyKind;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role | null;
  readonly allowed_origins: readonly string[];
  readonly created_at: string;
  readonly disabled_at: string | null;
  readonly revoked_at: string | null;
}

const time = (iso: string): number => new Date(iso).getTime();
const timeOrNull = (iso: string | null): number | null => (iso === null ? null : time(iso));

const projectFromJson = (json: ProjectJson): Project => ({
  id: json.id,
  orgId: json.org_id,
  name: json.name,
  timeZone: json.time_zone,
  retentionDays: json.retention_days,
  sessionIdleMinutes: json.session_idle_minutes,
  sessionMaxHours: json.session_max_hours,
  limits: json.limits,
  quota: { eventsPerSecond: json.quota_events_per_second, eventsPerMonth: json.quota_events_per_month },
  createdAt: time(json.created_at),
});

const keyFromJson = (json: KeyJson): ApiKey => ({
  id: json.id,
  orgId: json.org_id,
  projectId: json.project_id,
  kind: json.kind,
  name: json.name,
  prefix: json.prefix,
  role: json.role,
  allowedOrigins: json.allowed_origins,
  createdAt: time(json.created_at),
  disabledAt: timeOrNull(json.disabled_at),
  revokedAt: timeOrNull(json.revoked_at),
});

interface KeyRow {
  readonly key: KeyJson;
  readonly project: ProjectJson | null;
}

/** A replica may not have it yet. */
const isThere = (row: unknown): boolean => row !== undefined;

/** Keys by hash through a function of the owner that gives one row and nothing else: no role may read all keys. */
export function createPostgresKeyDirectory(reads: ReadPool): KeyDirectory {
  return {
    async findByHash(hash): Promise<ResolvedKey | null> {
      const find = async (client: PoolClient): Promise<KeyRow | undefined> => {
        const { rows } = await client.query<KeyRow>(
          'SELECT to_jsonb(key) AS key, to_jsonb(project) AS project FROM find_api_key($1)',
          [hash],
        );
        return rows[0];
      };
      const row = await reads.read({ role: 'app' }, find, isThere);
      if (row === undefined) return null;
      return { key: keyFromJson(row.key), project: row.project === null ? null : projectFromJson(row.project) };
    },
  };
}

/** Projects by id across tenants, for processors. */
export function createPostgresProjectDirectory(pool: Pool): ProjectDirectory {
  return {
    async find(projectId) {
      if (!isUuid(projectId)) return null;
      const [row] = await withTransaction(pool, { role: 'writer' }, async (client) => {
        const { rows } = await client.query<{ project: ProjectJson }>(
          'SELECT to_jsonb(project) AS project FROM find_project($1) AS project',
          [projectId],
        );
        return rows;
      });
      return row === undefined ? null : projectFromJson(row.project);
    },
  };
}

interface OrganisationRow {
  readonly id: string;
  readonly name: string;
  readonly created_at: Date;
}

/** As the owner role: for start-up and the command line, never for requests. */
export function createPostgresTenantOverview(reads: ReadPool): TenantOverview {
  return {
    async organisations(): Promise<Organisation[]> {
      const list = async (client: PoolClient): Promise<OrganisationRow[]> => {
        const sql = 'SELECT id, name, created_at FROM organisations ORDER BY created_at, id';
        return (await client.query<OrganisationRow>(sql)).rows;
      };
      const rows = await reads.read({ role: 'owner' }, list, (found) => found.length > 0);
      return rows.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at.getTime() }));
    },
  };
}
