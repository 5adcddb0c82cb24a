import { firstMinuteOf, KEEP, pruneLedgerBefore } from '@productgraph/domain-ledger';
import type { Clock } from '@productgraph/kernel';
import type { Pool } from 'pg';
import { withTransaction } from '../pool.ts';
import { createSteps, type Steps } from '../steps.ts';

const DAY_MS = 86_400_000;
/** Rows per transaction. */
const BATCH = 5_000;

async function inBatches(pool: Pool, condition: string, values: readonly unknown[]): Promise<number> {
  for (let total = 0; ;) {
    const deleted = await withTransaction(pool, { role: 'owner' }, async (client) => {
      const { rowCount } = await client.query(
        `DELETE FROM quarantine WHERE ctid = ANY (ARRAY(SELECT ctid FROM quarantine WHERE ${condition} LIMIT ${BATCH}))`,
        [...values],
      );
      return rowCount ?? 0;
    });
    total += deleted;
    if (deleted < BATCH) return total;
  }
}

/** The newest entry per project that no longer fits into the project's share: it and everything older goes. */
const TOO_MUCH = `
  WITH full_projects AS (
    SELECT org_id, project_id FROM quarantine GROUP BY org_id, project_id HAVING sum(bytes) > $1
  ), newest_first AS (
    SELECT q.org_id, q.project_id, q.received_at, q.id,
      sum(q.bytes) OVER (PARTITION BY q.org_id, q.project_id ORDER BY q.received_at DESC, q.id DESC) AS total
    FROM quarantine q JOIN full_projects USING (org_id, project_id)
  )
  SELECT DISTINCT ON (org_id, project_id) org_id AS "orgId", project_id AS "projectId", received_at AS "receivedAt", id
  FROM newest_first WHERE total > $1 ORDER BY org_id, project_id, received_at DESC, id DESC`;

interface Excess {
  readonly orgId: string;
  readonly projectId: string;
  readonly receivedAt: Date;
  readonly id: string;
}

const EXCESS = 'org_id = $1 AND project_id = $2 AND (received_at, id) <= ($3, $4)';

export interface QuarantineBounds {
  readonly days: number;
  /** Bytes per project. */
  readonly bytes: number;
}

/** Removes entries that are too old, and the oldest of projects that have too many. Answers how many. */
export async function limitQuarantine(
  pool: Pool,
  now: number,
  bounds: QuarantineBounds = { days: KEEP.quarantineDays, bytes: KEEP.quarantineBytes },
): Promise<number> {
  let deleted = await inBatches(pool, 'received_at < $1', [new Date(now - bounds.days * DAY_MS)]);
  const { rows } = await withTransaction(pool, { role: 'owner' }, (client) =>
    client.query<Excess>(TOO_MUCH, [bounds.bytes]),
  );
  for (const { orgId, projectId, receivedAt, id } of rows) {
    deleted += await inBatches(pool, EXCESS, [orgId, projectId, receivedAt, id]);
  }
  return deleted;
}

const SUM_UP = `
  WITH old AS (DELETE FROM ledger_minutes WHERE minute < $1 RETURNING *), summed AS (
    INSERT INTO ledger_days AS kept
      (day, org_id, project_id, accepted, stored, duplicate, rejected, quarantined_later, erased)
    SELECT minute / ${firstMinuteOf(1)}, org_id, project_id, sum(accepted), sum(stored), sum(duplicate), sum(rejected),
      sum(quarantined_later), sum(erased)
    FROM old GROUP BY 1, 2, 3
    ON CONFLICT (org_id, project_id, day) DO UPDATE SET
      accepted = kept.accepted + excluded.accepted, stored = kept.stored + excluded.stored,
      duplicate = kept.duplicate + excluded.duplicate, rejected = kept.rejected + excluded.rejected,
      quarantined_later = kept.quarantined_later + excluded.quarantined_later, erased = kept.erased + excluded.erased
  )
  SELECT count(*) AS minutes FROM old`;

/** Sums minutes older than 7 days into days, UTC. Answers how many minute rows were summed up. */
export async function pruneLedger(pool: Pool, now: number): Promise<number> {
  const { rows } = await withTransaction(pool, { role: 'owner' }, (client) =>
    client.query<{ minutes: number }>(SUM_UP, [pruneLedgerBefore(now)]),
  );
  return rows[0]?.minutes ?? 0;
}

/** How long the history of blocks is kept, days. */
const BLOCK_DAYS = 7;

/** Removes the history of blocks that were stored more than 7 days ago. Answers how many. */
export async function pruneBlocks(pool: Pool, now: number): Promise<number> {
  const { rowCount } = await withTransaction(pool, { role: 'owner' }, (client) =>
    client.query('DELETE FROM writer_blocks WHERE finished_at < $1', [new Date(now - BLOCK_DAYS * DAY_MS)]),
  );
  return rowCount ?? 0;
}

/** What is kept in PostgreSQL in every tier was cut to its bounds. */
export interface PruneReport {
  /** Entries removed. */
  readonly quarantine: number;
  /** Ledger minutes summed into days. */
  readonly ledgerMinutes: number;
  /** Rows of the history of blocks removed. */
  readonly blocks: number;
}

/** Bounds of quarantine, ledger, history of blocks. */
export async function pruneAll(pool: Pool, now: number, step: Steps['step']): Promise<PruneReport> {
  const quarantine = await step(() => limitQuarantine(pool, now), 0);
  const ledgerMinutes = await step(() => pruneLedger(pool, now), 0);
  const blocks = await step(() => pruneBlocks(pool, now), 0);
  return { quarantine, ledgerMinutes, blocks };
}

/**
 * Housekeeping of ledger and quarantine where another store has the events; to be run at start and every hour.
 * @throws the fault of the first step that failed, when all have run; the signal's reason between two steps
 */
export async function maintainLedger(
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
  signal?: AbortSignal,
): Promise<PruneReport> {
  const { step, firstFault } = createSteps(signal);
  const report = await pruneAll(pool, clock.now(), step);
  const fault = firstFault();
  if (fault !== null) throw fault.error;
  return report;
}
