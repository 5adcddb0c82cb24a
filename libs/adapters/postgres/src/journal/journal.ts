import type { RecordCounts } from '@productgraph/contracts';
import type { BlockJournal, BlockRange, RangeOutcome, RecountedMinute, StoredMinute } from '@productgraph/domain-event';
import { LedgerTally } from '@productgraph/domain-ledger';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { GroupPartition } from '@productgraph/kernel';
import type { Pool, PoolClient } from 'pg';
import { addToLedger } from '../event-store/add-to-ledger.ts';
import { CopyWriter } from '../event-store/copy-writer.ts';
import { createOwnerLookup, NOBODY, type Owners } from '../event-store/owners.ts';
import { insertQuarantine } from '../event-store/quarantine-rows.ts';
import { countEntries } from '../event-store/count-entries.ts';
import { withTransaction } from '../pool.ts';
import { closeRange, keepHistory, openRange, readPosition, replaceRefused } from './open-range.ts';

export interface BlockJournalOptions {
  /** Connections of the processors; the login may take the writer's role. */
  readonly pool: Pool;
  readonly projects: ProjectDirectory;
}

function projectsOf(range: BlockRange, { stored, duplicates, quarantine, uncounted }: RangeOutcome): Set<string> {
  const counts: RecordCounts[] = [range.accepted, range.duplicates, stored, duplicates];
  return new Set([
    ...counts.flatMap((one) => Object.keys(one)),
    ...[...quarantine, ...uncounted].map(({ projectId }) => projectId),
  ]);
}

const sumOf = (counts: RecordCounts): number =>
  Object.values(counts)
    .flatMap((minutes) => Object.values(minutes))
    .reduce((sum, n) => sum + n, 0);

interface Finishing {
  readonly partition: GroupPartition;
  readonly range: BlockRange;
  readonly outcome: RangeOutcome;
  readonly owners: Owners;
}

/** Head, history, quarantine, ledger, in this order: rows that other writers share come last. */
async function finish(client: PoolClient, { partition, range, outcome, owners }: Finishing): Promise<boolean> {
  const begunAt = await closeRange(client, partition, range);
  if (begunAt === null) return false;
  const stored = sumOf(outcome.stored);
  const duplicates = sumOf(range.duplicates) + sumOf(outcome.duplicates);
  await keepHistory(client, { partition, range, begunAt, stored, duplicates });
  const tally = new LedgerTally();
  tally.addCounts(range.accepted, 'accepted');
  tally.addCounts(range.duplicates, 'duplicate');
  tally.addCounts(outcome.stored, 'stored');
  tally.addCounts(outcome.duplicates, 'duplicate');
  const { quarantine, uncounted } = outcome;
  const kept = await insertQuarantine(client, [...quarantine, ...uncounted], { owners, to: new CopyWriter(1 << 12) });
  countEntries(tally, quarantine, kept);
  await addToLedger(client, tally, owners);
  return true;
}

async function storedBetween(client: PoolClient, from: number, to: number): Promise<StoredMinute[]> {
  const { rows } = await client.query<StoredMinute>(
    `SELECT project_id AS "projectId", minute, stored FROM ledger_minutes
     WHERE org_id <> '${NOBODY}' AND minute >= $1 AND minute < $2 AND stored > 0`,
    [from, to],
  );
  return rows;
}

/** In order of keys, so that two processes cannot deadlock. */
const RECOUNT = `
  WITH recounted AS (
    SELECT * FROM unnest($1::uuid[], $2::integer[], $3::bigint[], $4::bigint[]) AS t (project_id, minute, stored, actual)
  ), locked AS (
    SELECT kept.org_id, kept.project_id, kept.minute, r.stored, r.actual
    FROM ledger_minutes kept JOIN recounted r USING (project_id, minute)
    WHERE kept.org_id <> '${NOBODY}' AND kept.stored = r.stored AND r.actual < r.stored
    ORDER BY kept.org_id, kept.project_id, kept.minute FOR UPDATE OF kept
  ), moved AS (
    UPDATE ledger_minutes kept SET stored = l.actual, duplicate = kept.duplicate + l.stored - l.actual
    FROM locked l WHERE (kept.org_id, kept.project_id, kept.minute) = (l.org_id, l.project_id, l.minute)
    RETURNING l.stored - l.actual AS n
  )
  SELECT coalesce(sum(n), 0)::bigint AS moved FROM moved`;

async function recount(client: PoolClient, minutes: readonly RecountedMinute[]): Promise<number> {
  const { rows } = await client.query<{ moved: number }>(RECOUNT, [
    minutes.map(({ projectId }) => projectId),
    minutes.map(({ minute }) => minute),
    minutes.map(({ stored }) => stored),
    minutes.map(({ actual }) => actual),
  ]);
  return rows[0]?.moved ?? 0;
}

/** Heads, open ranges, ledger and quarantine in PostgreSQL, for events that another store keeps. */
export function createPostgresBlockJournal({ pool, projects }: BlockJournalOptions): BlockJournal {
  const ownersOf = createOwnerLookup(projects);
  const asWriter = <T>(work: (client: PoolClient) => Promise<T>): Promise<T> =>
    withTransaction(pool, { role: 'writer' }, work);
  return {
    position: (partition) => asWriter((client) => readPosition(client, partition)),
    begin: (partition, range) => asWriter((client) => openRange(client, partition, range)),
    refuse: (partition, range, refused) => asWriter((client) => replaceRefused(client, { partition, range, refused })),
    finish: async (partition, range, outcome) => {
      const owners = await ownersOf(projectsOf(range, outcome));
      return asWriter((client) => finish(client, { partition, range, outcome, owners }));
    },
    storedBetween: (from, to) => asWriter((client) => storedBetween(client, from, to)),
    recount: (minutes) => asWriter((client) => recount(client, minutes)),
  };
}
