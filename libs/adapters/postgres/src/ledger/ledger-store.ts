import { isUuid, type ErrorCode, type QuarantineEntry, type QuarantineStage } from '@productgraph/contracts';
import {
  firstMinuteOf,
  type EventTrace,
  type LedgerRange,
  type LedgerRow,
  type LedgerStore,
  type QuarantineFilter,
} from '@productgraph/domain-ledger';
import type { Clock } from '@productgraph/kernel';
import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '../pool.ts';

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

/** The first copy stored and the last refusal. */
async function traceEvent(client: PoolClient, projectId: string, eventId: string): Promise<EventTrace> {
  const events = await client.query<TraceRow>(
    `SELECT "timestamp", received_at, log_partition, log_offset FROM events
     WHERE project_id = $1 AND event_id = $2 ORDER BY received_at, log_offset LIMIT 1`,
    [projectId, eventId],
  );
  const entries = await client.query<EntryRow>(
    `SELECT ${ENTRY} FROM quarantine WHERE project_id = $1 AND event_id = $2 AND replayed_at IS NULL ${NEWEST_FIRST} LIMIT 1`,
    [projectId, eventId],
  );
  const [event] = events.rows;
  const [entry] = entries.rows;
  const stored = event && {
    timestamp: event.timestamp.getTime(),
    receivedAt: event.received_at.getTime(),
    logPartition: event.log_partition,
    logOffset: event.log_offset,
  };
  return { eventId, stored: stored ?? null, quarantined: entry === undefined ? null : entryFromRow(entry) };
}

type Replay = Pick<LedgerStore, 'replayable' | 'markReplayed'>;

interface Tenant {
  readonly orgId: string;
  readonly projectId: string;
}

/** Runs `work` as the application's role within the tenant; answers `nothing` for ids that cannot name one. */
type AsTenant = <T>(tenant: Tenant, nothing: T, work: (client: PoolClient) => Promise<T>) => Promise<T>;

function replayVerbs(asTenant: AsTenant, clock: Clock): Replay {
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
    markReplayed: (orgId, projectId, ids) =>
      asTenant({ orgId, projectId }, undefined, async (client) => {
        await client.query(
          `UPDATE quarantine SET replayed_at = $4
           WHERE org_id = $1 AND project_id = $2 AND id = ANY ($3) AND replayed_at IS NULL`,
          [orgId, projectId, ids, new Date(clock.now())],
        );
      }),
  };
}

/** Reads of ledger and quarantine as the application's role, behind row-level security. */
export function createPostgresLedgerStore({
  pool,
  clock,
}: {
  readonly pool: Pool;
  readonly clock: Clock;
}): LedgerStore {
  const asTenant: AsTenant = async ({ orgId, projectId }, nothing, work) =>
    isUuid(orgId) && isUuid(projectId) ? withTransaction(pool, { role: 'app', orgId, projectId }, work) : nothing;
  return {
    ...replayVerbs(asTenant, clock),
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
    trace: (orgId, projectId, eventId) =>
      asTenant({ orgId, projectId }, { eventId, stored: null, quarantined: null }, (client) =>
        traceEvent(client, projectId, eventId),
      ),
  };
}
