import { isUuid, uuidv7 } from '@productgraph/contracts';
import { Conflict, type AuditEntry } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import { auditEntity, ENTITIES } from './entities.ts';

/** TypeORM's own small pool on the same database; works behind PgBouncer in transaction mode (no named statements). */
export function createDataSource(url: string, connections: number): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...ENTITIES],
    synchronize: false,
    installExtensions: false,
    poolSize: connections,
    applicationName: 'productgraph-metadata',
  });
}

/** Runs `work` as the application's role within one organisation: role and tenant are set for the transaction only. */
export async function inTenant<T>(
  source: DataSource,
  orgId: string,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  if (!isUuid(orgId)) throw new TypeError('Not a UUID: organisation ids are');
  return source.transaction(async (manager) => {
    await manager.query(`SELECT set_config('role', 'productgraph_app', true), set_config('app.org_id', $1, true)`, [
      orgId,
    ]);
    return work(manager);
  });
}

/** What a change is recorded as. */
export type Change = Omit<AuditEntry, 'id' | 'at'>;

/** Writes the line of the audit log in the transaction of the change. */
export async function audit(manager: EntityManager, change: Change, clock: Clock): Promise<void> {
  const now = clock.now();
  await manager.insert(auditEntity, { ...change, details: { ...change.details }, id: uuidv7(now), at: new Date(now) });
}

const CONFLICTS: Readonly<Record<string, string>> = {
  organisations_pkey: 'An organisation with this id exists already',
  projects_pkey: 'A project with this id exists already',
  projects_name_taken: 'A project of this name exists already in the organisation',
  api_keys_hash_taken: 'This key exists already',
  api_keys_project: 'The organisation has no such project',
  members_email: 'A member with this e-mail address exists already',
};

/** Violated constraints as the domain's conflict; everything else as it is. */
export function asConflict(error: unknown): unknown {
  if (!(error instanceof QueryFailedError)) return error;
  const { constraint } = error.driverError as { constraint?: string };
  const message = constraint === undefined ? undefined : CONFLICTS[constraint];
  return message === undefined ? error : new Conflict(message);
}
