import { LedgerTally, type LedgerRow } from '@productgraph/domain-ledger';
import type { PoolClient } from 'pg';
import { nobodysOwner, type Owners } from './owners.ts';

const ADD = `
  INSERT INTO ledger_minutes AS kept
    (org_id, project_id, minute, accepted, stored, duplicate, rejected, quarantined_later, erased)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[])
  ON CONFLICT (org_id, project_id, minute) DO UPDATE SET
    accepted = kept.accepted + excluded.accepted, stored = kept.stored + excluded.stored,
    duplicate = kept.duplicate + excluded.duplicate, rejected = kept.rejected + excluded.rejected,
    quarantined_later = kept.quarantined_later + excluded.quarantined_later, erased = kept.erased + excluded.erased`;

const COUNTERS = ['accepted', 'stored', 'duplicate', 'rejected', 'quarantinedLater', 'erased'] as const;

/** A count whose minute is no minute (a broken record header) is kept all the same, under minute 0. */
const minuteOf = (minute: number): number => (Number.isInteger(minute) && minute >= 0 && minute < 2 ** 31 ? minute : 0);

/** Rows under the projects that they are kept under; unknown ones may fall together. */
function settled(rows: readonly LedgerRow[], owners: Owners): { row: LedgerRow; orgId: string }[] {
  const byOrg = new Map<string, LedgerTally>();
  for (const row of rows) {
    const owner = owners.get(row.projectId) ?? nobodysOwner(row.projectId);
    let tally = byOrg.get(owner.orgId);
    if (tally === undefined) byOrg.set(owner.orgId, (tally = new LedgerTally()));
    for (const counter of COUNTERS) {
      tally.add({ projectId: owner.projectId, minute: minuteOf(row.minute), counter, n: row[counter] });
    }
  }
  return [...byOrg.keys()].sort().flatMap((orgId) => (byOrg.get(orgId)?.rows() ?? []).map((row) => ({ row, orgId })));
}

/** Adds the block's counts, rows in one fixed order: two writers cannot deadlock. The last step before the commit, as rows are shared. */
export async function addToLedger(client: PoolClient, tally: LedgerTally, owners: Owners): Promise<void> {
  const rows = settled(tally.rows(), owners);
  if (rows.length === 0) return;
  await client.query(ADD, [
    rows.map(({ orgId }) => orgId),
    rows.map(({ row }) => row.projectId),
    rows.map(({ row }) => row.minute),
    ...COUNTERS.map((counter) => rows.map(({ row }) => row[counter])),
  ]);
}
