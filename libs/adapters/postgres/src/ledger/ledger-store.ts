import { isUuid, type ErrorCode, type QuarantineEntry, type QuarantineStage } from '@productgraph/contracts';
import {
  firstMinuteOf,
  type EventTrace,
  type FindEvent,
  type LedgerRange,
  type LedgerRow,
  type LedgerStore,
  type QuarantineFilter,
} from '@productgraph/domain-ledger';
import type { Clock } from '@productgraph/kernel';
import type { PoolClient } from 'pg';
import { withTransaction } from '../pool.ts';
import type { ReadPool } from '../read-pool.ts';

const COUNTERS = 'accepted, stored, duplicate, rejected, quarantined_later AS "quarantinedLater", erased';

/** Minutes, and for what is older the days that begin in the range, under their first minute. */
const ROWS = `
  SELECT project_id AS "projectId", minute, ${COUNTERS} FROM ledger_minutes
  WHERE org_id = $1 AND project_id = $2 AND minute >= $3 AND minute < $4
  UNION ALL
  SELECT project_id, day * ${firstMinuteOf(1)}, ${COUNTERS} FROM ledger_days
  WHERE org_id = $1 AND project_id = $2 AND day * ${firstMinuteOf(1)} >= $3 AND day * ${firstMinuteOf(1)} < $4
  ORDER BY minute`;

const ENTRY = 'project_id, id, received_at, stage, code, message, event_id, payload, position, source, trace_id';

const NEWEST_FIRST = 'ORDER BY received_at DESC, id DESC';

interface EntryRow {
  readonly project_id: string;
  readonly id: string;
  readonly received_at: Date;
  readonly stage: string;
  readonly code: string;
  readonly message: string;
  readonly event_id: string | null;
  readonly payload: string;
  readonly position: number | null;
  readonly source: string | null;
  readonly trace_id: string | null;
}

const entryFromRow = (row: EntryRow): QuarantineEntry => ({
  id: row.id,
  projectId: row.project_id,
  receivedAt: row.received_at.getTime(),
  stage: row.stage as QuarantineStage,
  code: row.code as ErrorCode,
  message: row.message,
  eventId: row.event_id,
  payload: row.payload,
  position: row.position,
  source: row.source,
  traceId: row.trace_id,
});

async function listQuarantine(client: PoolClient, filter: QuarantineFilter): Promise<QuarantineEntry[]> {
  const { rows } = await client.query<EntryRow>(
    `SELECT ${ENTRY} FROM quarantine
     WHERE org_id = $1 AND project_id = $2 AND replayed_at IS NULL AND ($3::text IS NULL OR code = $3)
       AND ($4::text IS NULL OR stage = $4)
       AND ($5::text IS NULL OR (received_at, id) < (
         SELECT received_at, id FROM quarantine WHERE org_id = $1 AND project_id = $2 AND id = $5))
     ${NEWEST_FIRST} LIMIT $6`,
    [filter.orgId, filter.projectId, filter.code, filter.stage, filter.after, filter.limit],
  );
  return rows.map(entryFromRow);
}

interface TraceRow {
  readonly timestamp: Date;
  readonly received_at: Date;
  readonly log_partition: number;
  readonly log_offset: number;
}

/** The first copy stored. */
async function findEvent(client: PoolClient, projectId: string, eventId: string): Promise<EventTrace['stored']> {
  const { rows } = await client.query<TraceRow>(
    `SELECT "timestamp", received_at, log_partition, log_offset FROM events
     WHERE project_id = $1 AND event_id = $2 ORDER BY received_at, log_offset LIMIT 1`,
    [projectId, eventId],
  );
  const [event] = rows;
  if (event === undefined) return null;
  return {
    timestamp: event.timestamp.getTime(),
    receivedAt: event.received_at.getTime(),
    logPartition: event.log_partition,
    logOffset: event.log_offset,
  };
}

/** The last refusal. */
async function findRefusal(client: PoolClient, projectId: string, eventId: string): Promise<QuarantineEntry | null> {
  const { rows } = await client.query<EntryRow>(
    `SELECT ${ENTRY} FROM quarantine WHERE project_id = $1 AND event_id = $2 AND replayed_at IS NULL ${NEWEST_FIRST} LIMIT 1`,
    [projectId, eventId],
  );
  return rows[0] === undefined ? null : entryFromRow(rows[0]);
}

const ownProject = async (client: PoolClient, projectId: string): Promise<boolean> => {
  const { rowCount } = await client.query('SELECT FROM projects WHERE id = $1', [projectId]);
  return rowCount === 1;
};

type Replay = Pick<LedgerStore, 'replayable' | 'markReplayed'>;

interface Tenant {
  readonly orgId: string;
  readonly projectId: string;
}

/** Runs `work` as the application's role within the tenant; answers `nothing` for ids that cannot name one. */
type AsTenant = <T>(tenant: Tenant, nothing: T, work: (client: PoolClient) => Promise<T>) => Promise<T>;

/** On the primary: an entry that a replica still has is replayed already. */
function replayVerbs(reads: ReadPool, clock: Clock): Replay {
  const asTenant: AsTenant = async ({ orgId, projectId }, nothing, work) => {
    if (!isUuid(orgId) || !isUuid(projectId)) return nothing;
    return withTransaction(reads.primary, { role: 'app', orgId, projectId }, work);
  };
  return {
    replayable: (orgId, projectId, ids) =>
      asTenant({ orgId, projectId }, [], async (client) => {
        const { rows } = await client.query<EntryRow>(
          `SELECT ${ENTRY} FROM quarantine
           WHERE org_id = $1 AND project_id = $2 AND id = ANY ($3) AND replayed_at IS NULL ${NEWEST_FIRST}`,
          [orgId, projectId, ids],
        );
        return rows.map(entryFromRow);
      }),
    async markReplayed(orgId, projectId, ids) {
      await asTenant({ orgId, projectId }, undefined, async (client) => {
        await client.query(
          `UPDATE quarantine SET replayed_at = $4
           WHERE org_id = $1 AND project_id = $2 AND id = ANY ($3) AND replayed_at IS NULL`,
          [orgId, projectId, ids, new Date(clock.now())],
        );
      });
      reads.seeWrites();
    },
  };
}

export interface LedgerStoreOptions {
  readonly reads: ReadPool;
  readonly clock: Clock;
  /** Where events are when another store keeps them; asked for projects of the tenant only. Default: here. */
  readonly findEvent?: FindEvent;
}

/** Reads of ledger and quarantine as the application's role, behind row-level security. */
export function createPostgresLedgerStore({ reads, clock, findEvent: find }: LedgerStoreOptions): LedgerStore {
  const asTenant: AsTenant = async ({ orgId, projectId }, nothing, work) =>
    isUuid(orgId) && isUuid(projectId) ? reads.read({ role: 'app', orgId, projectId }, work) : nothing;
  return {
    ...replayVerbs(reads, clock),
    rows: (range: LedgerRange) =>
      asTenant(range, [], async (client) => {
        const { rows } = await client.query<LedgerRow>(ROWS, [range.orgId, range.projectId, range.from, range.to]);
        return rows;
      }),
    quarantine: (filter) => asTenant(filter, [], (client) => listQuarantine(client, filter)),
    quarantineCounts: (orgId, projectId) =>
      asTenant({ orgId, projectId }, [], async (client) => {
        const { rows } = await client.query<{ code: string; stage: string; count: number }>(
          `SELECT code, stage, count(*) AS count FROM quarantine
           WHERE org_id = $1 AND project_id = $2 AND replayed_at IS NULL GROUP BY code, stage ORDER BY 3 DESC, 1, 2`,
          [orgId, projectId],
        );
        return rows;
      }),
    trace: async (orgId, projectId, eventId) => {
      const nothing = { own: false, eventId, stored: null, quarantined: null };
      const { own, ...trace } = await asTenant({ orgId, projectId }, nothing, async (client) => ({
        own: find !== undefined && (await ownProject(client, projectId)),
        eventId,
        stored: find === undefined ? await findEvent(client, projectId, eventId) : null,
        quarantined: await findRefusal(client, projectId, eventId),
      }));
      return own && find !== undefined ? { ...trace, stored: await find(projectId, eventId) } : trace;
    },
  };
}
