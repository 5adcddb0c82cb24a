import { monthStart, type Month } from '@productgraph/domain-event';
import { retentionCutoff } from '@productgraph/domain-tenant';
import type { Pool, PoolClient } from 'pg';
import { isLockFault } from '../faults.ts';
import { withTransaction } from '../pool.ts';
import { monthOfPartition, type MonthlyTable } from './months.ts';

/** What was removed. */
export interface Expired {
  /** Partitions dropped. */
  readonly dropped: readonly string[];
  /** Rows deleted from months that other projects still need. */
  readonly deleted: number;
  /** Partitions that were in use; the next run tries again. */
  readonly postponed: readonly string[];
}

export interface Partition {
  readonly name: string;
  readonly month: Month;
}

/** Rows per transaction: some hundred milliseconds of work. */
const BATCH = 10_000;

const asOwner = <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> =>
  withTransaction(pool, { role: 'owner' }, work);

/** Months of the table, oldest first. */
export async function partitionsOf(client: PoolClient, table: MonthlyTable): Promise<Partition[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = $1::regclass ORDER BY c.relname`,
    [table],
  );
  return rows.flatMap(({ name }) => {
    const month = monthOfPartition(table, name);
    return month === null ? [] : [{ name, month }];
  });
}

/** Cutoff per project, Unix ms; null = kept for ever. A project that is not listed is newer than the list: its rows stay. */
type Cutoffs = ReadonlyMap<string, number | null>;

async function readCutoffs(client: PoolClient, now: number): Promise<Cutoffs> {
  const { rows } = await client.query<{ id: string; retentionDays: number | null }>(
    'SELECT id, retention_days AS "retentionDays" FROM projects',
  );
  return new Map(rows.map((row) => [row.id, retentionCutoff(row, now)]));
}

const isExpired = (cutoffs: Cutoffs, projectId: string, month: Month): boolean => {
  const cutoff = cutoffs.get(projectId) ?? null;
  return cutoff !== null && monthStart(month + 1) <= cutoff;
};

/** Projects with rows in the partition: one step into the index per project, not a scan. */
async function projectsIn(client: PoolClient, partition: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `WITH RECURSIVE present AS (
       (SELECT project_id AS id FROM ${partition} ORDER BY project_id LIMIT 1)
       UNION ALL
       SELECT (SELECT project_id FROM ${partition} WHERE project_id > present.id ORDER BY project_id LIMIT 1)
       FROM present WHERE present.id IS NOT NULL
     ) SELECT id FROM present WHERE id IS NOT NULL`,
  );
  return rows.map(({ id }) => id);
}

interface Expiry {
  readonly table: MonthlyTable;
  readonly now: number;
}

/**
 * Drops the month when it is expired for every project in it; a writer waits for the verdict, and makes the month again if
 * need be. Questions and writers lock the parent before its months: so does this, or they would wait for each other.
 * What projects keep is read behind the locks, as a project may have come or changed while they were waited for.
 */
async function dropIfExpired(client: PoolClient, { name, month }: Partition, { table, now }: Expiry): Promise<boolean> {
  await client.query(`SET LOCAL lock_timeout = '2s'`);
  await client.query(`LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`);
  await client.query(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
  const cutoffs = await readCutoffs(client, now);
  const projects = await projectsIn(client, name);
  if (!projects.every((projectId) => isExpired(cutoffs, projectId, month))) return false;
  await client.query(`DROP TABLE ${name}`);
  return true;
}

async function deleteRows(pool: Pool, partition: string, projectId: string): Promise<number> {
  for (let total = 0; ;) {
    const deleted = await asOwner(pool, async (client) => {
      const { rowCount } = await client.query(
        `DELETE FROM ${partition} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${partition} WHERE project_id = $1 LIMIT ${BATCH}))`,
        [projectId],
      );
      return rowCount ?? 0;
    });
    total += deleted;
    if (deleted < BATCH) return total;
  }
}

type Outcome = { readonly dropped: boolean; readonly deleted: number } | 'postponed';

async function expireMonth(pool: Pool, partition: Partition, expiry: Expiry): Promise<Outcome> {
  const { name, month } = partition;
  const { projects, cutoffs } = await asOwner(pool, async (client) => ({
    projects: await projectsIn(client, name),
    cutoffs: await readCutoffs(client, expiry.now),
  }));
  const expired = projects.filter((projectId) => isExpired(cutoffs, projectId, month));
  if (expired.length === projects.length) {
    try {
      if (await asOwner(pool, (client) => dropIfExpired(client, partition, expiry)))
        return { dropped: true, deleted: 0 };
    } catch (error) {
      if (isLockFault(error)) return 'postponed';
      throw error;
    }
  }
  let deleted = 0;
  for (const projectId of expired) deleted += await deleteRows(pool, name, projectId);
  return { dropped: false, deleted };
}

/** Months that may hold something expired: they ended before the latest cutoff of any project. */
function candidates(partitions: readonly Partition[], cutoffs: Cutoffs, now: number): Partition[] {
  const latest = Math.max(Number.NEGATIVE_INFINITY, ...[...cutoffs.values()].filter((cutoff) => cutoff !== null));
  return partitions.filter(({ month }) => monthStart(month + 1) <= Math.min(latest, now));
}

/**
 * Removes what the projects' retention no longer keeps, by whole months: a month is dropped when it is expired for every
 * project in it; otherwise the rows of the expired projects are deleted in batches.
 */
export async function dropExpired(pool: Pool, table: MonthlyTable, now: number): Promise<Expired> {
  const { partitions, cutoffs } = await asOwner(pool, async (client) => ({
    partitions: await partitionsOf(client, table),
    cutoffs: await readCutoffs(client, now),
  }));
  const dropped: string[] = [];
  const postponed: string[] = [];
  let deleted = 0;
  for (const partition of candidates(partitions, cutoffs, now)) {
    const outcome = await expireMonth(pool, partition, { table, now });
    if (outcome === 'postponed') postponed.push(partition.name);
    else if (outcome.dropped) dropped.push(partition.name);
    else deleted += outcome.deleted;
  }
  return { dropped, deleted, postponed };
}
