import { retentionCutoff, type ProjectDirectory } from '@productgraph/domain-tenant';
import type { ClickHouse } from '../client/connection.ts';

/** A month of one shard from which rows of expired projects are being removed. */
export interface Expiring {
  readonly table: string;
  readonly shard: number;
  /** e.g. `202503` */
  readonly month: string;
  readonly projects: readonly string[];
}

const TABLES = ['events_local', 'sessions_local'] as const;

interface Part {
  readonly table: (typeof TABLES)[number];
  readonly shard: number;
}

const monthEnd = (month: string): number => Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)), 1);

/** Months of the shard's table that are over; none while rows are being removed from it. */
async function monthsOf(all: ClickHouse, { table, shard }: Part, now: number): Promise<string[]> {
  const rows = await all.onShard(shard, (node) =>
    node.rows<{ month: string }>({
      sql: `SELECT DISTINCT partition_id AS month FROM system.parts
        WHERE database = currentDatabase() AND table = {table:String} AND active
          AND 0 = (SELECT count() FROM system.mutations
            WHERE database = currentDatabase() AND table = {table:String} AND NOT is_done)
        ORDER BY month`,
      params: { table },
    }),
  );
  return rows.map(({ month }) => month).filter((month) => /^\d{6}$/u.test(month) && monthEnd(month) <= now);
}

/** Projects with rows in the month: one step into the primary key per project, not a scan. */
async function projectsIn(all: ClickHouse, { table, shard }: Part, month: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const rows = await all.onShard(shard, (node) =>
      node.rows<{ id: string }>({
        sql: `SELECT project_id AS id FROM ${table} WHERE _partition_id = {month:String}
          ${found.length === 0 ? '' : 'AND project_id > {after:UUID}'} ORDER BY project_id LIMIT 1`,
        params: { month, ...(found.length > 0 && { after: found.at(-1) }) },
      }),
    );
    if (rows[0] === undefined) return found;
    found.push(rows[0].id);
  }
}

async function isExpired(
  projects: ProjectDirectory,
  projectId: string,
  { month, now }: { month: string; now: number },
): Promise<boolean> {
  const project = await projects.find(projectId);
  const cutoff = project === null ? null : retentionCutoff(project, now);
  return cutoff !== null && monthEnd(month) <= cutoff;
}

/**
 * Removes what the projects' retention no longer keeps, by whole months like the store in PostgreSQL: rows, never whole partitions, as a
 * writer may add rows of another project to a month at any time. ClickHouse removes them in the background; until it has, the
 * table is left alone. Rows of projects that are not known stay.
 * @throws the signal's reason between two months; ClickHouseUnavailable
 */
export async function expireRows(
  all: ClickHouse,
  projects: ProjectDirectory,
  { now, signal }: { readonly now: number; readonly signal?: AbortSignal | undefined },
): Promise<Expiring[]> {
  const expiring: Expiring[] = [];
  for (const shard of all.shards.keys()) {
    for (const table of TABLES) {
      for (const month of await monthsOf(all, { table, shard }, now)) {
        signal?.throwIfAborted();
        const expired: string[] = [];
        for (const id of await projectsIn(all, { table, shard }, month)) {
          if (await isExpired(projects, id, { month, now })) expired.push(id);
        }
        if (expired.length === 0) continue;
        await remove(all, { table, shard, month, projects: expired });
        expiring.push({ table, shard, month, projects: expired });
      }
    }
  }
  return expiring;
}

/** The ids are the server's own UUIDs: a mutation is kept as text and cannot hold parameters. */
async function remove(all: ClickHouse, { table, shard, month, projects }: Expiring): Promise<void> {
  const ids = projects.map((id) => `'${id}'`).join(', ');
  const sql = `ALTER TABLE ${table} DELETE IN PARTITION ID '${month}' WHERE project_id IN (${ids})`;
  await all.onShard(shard, (node) => node.command({ sql }));
}
