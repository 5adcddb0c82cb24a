import type { QueryTenant } from '@productgraph/testing';
import { Client } from 'pg';
import { createPostgresEventStore } from '../event-store/event-store.ts';
import { createMonths } from '../event-store/months.ts';
import { createPostgresProjectDirectory } from '../tenant/directories.ts';
import { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './database.ts';

/** A test database that takes whole projects. */
export interface QueryDatabase extends TestDatabase {
  add(tenant: QueryTenant): Promise<void>;
}

export async function openQueryDatabase(options: TestDatabaseOptions = {}): Promise<QueryDatabase> {
  const database = await createTestDatabase(options);
  const { writer } = database.pools;
  const store = createPostgresEventStore({
    pool: writer,
    projects: createPostgresProjectDirectory(writer),
    months: createMonths(writer),
  });
  let next = 0;
  const add = async (tenant: QueryTenant): Promise<void> => {
    await createProject(database.url, tenant);
    const first = next;
    next += Math.max(1, tenant.events.length);
    const written = await store.write({
      partition: { group: 'event-writer', topic: 'events', generation: 1, partition: 0 },
      first,
      last: next - 1,
      windowStart: null,
      time: 0,
      events: tenant.events.map((event, i) => ({ event, offset: first + i })),
      sessions: tenant.sessions,
      quarantine: [],
      accepted: {},
      duplicates: {},
    });
    if (written?.inserted !== tenant.events.length) throw new Error(`Stored ${JSON.stringify(written)}`);
  };
  return { ...database, add };
}

async function createProject(url: string, { orgId, projectId }: QueryTenant): Promise<void> {
  const admin = new Client(url);
  await admin.connect();
  try {
    await admin.query(
      `INSERT INTO organisations (id, name, created_at) VALUES ($1::uuid, $1::uuid, now()) ON CONFLICT DO NOTHING`,
      [orgId],
    );
    await admin.query(
      `INSERT INTO projects (id, org_id, name, time_zone, created_at) VALUES ($1::uuid, $2, $1::uuid, 'UTC', now())`,
      [projectId, orgId],
    );
  } finally {
    await admin.end();
  }
}

/** What the engine under test is told about settlement. */
export const SETTLED = Date.UTC(2024, 0, 1);
