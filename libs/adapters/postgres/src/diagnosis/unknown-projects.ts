import { NOBODY } from '../event-store/owners.ts';
import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

/** What came in for a project that does not exist: it is kept under no tenant, where nobody sees it. */
export interface UnknownProject {
  /** The nil UUID for ids that are none. */
  readonly projectId: string;
  readonly events: number;
  readonly refused: number;
}

/** Since a Unix minute, most first, at most 100; as the owner's role: for the operator. */
export async function readUnknownProjects(pools: Pools, fromMinute: number): Promise<UnknownProject[]> {
  const { rows } = await runStatement<{ projectId: string; events: number; refused: number }>(
    pools.statements,
    'owner',
    {
      text: `SELECT project_id AS "projectId", sum(accepted)::bigint AS events,
               sum(rejected + quarantined_later)::bigint AS refused
             FROM ledger_minutes WHERE org_id = $1 AND minute >= $2
             GROUP BY project_id ORDER BY sum(accepted) + sum(rejected) DESC, project_id LIMIT 100`,
      values: [NOBODY, fromMinute],
    },
  );
  return rows;
}
