import { isUuid, type OutputVersion, type SessionRow, type StoredEvent } from '@productgraph/contracts';
import type { ClientSessionSpan, TouchedUser, UserRange } from '@productgraph/domain-event';
import type { ClickHouse, Statement } from '../client/connection.ts';
import { selectList } from '../rows/select.ts';
import { EVENTS, SESSIONS } from '../rows/tables.ts';

const EVENT = selectList(EVENTS.columns);
const SESSION = selectList(SESSIONS.columns, { started_at: 'start', ended_at: 'end', log_offset: 'offset' });

/** Asks the shard on which a user's rows lie: the `_local` tables there hold all of them. */
export type ShardReader = <T>(projectId: string, userKey: string, statement: Statement) => Promise<T[]>;

const OF_USER = 'r.project_id = {project:UUID} AND r.user_key = {user:String}';
const time = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;

/** Times that DateTime64(3) holds, Unix ms: 1900 to 2299. */
const [EARLIEST, LATEST] = [Date.UTC(1900, 0), Date.UTC(2299, 0)];
/** The least whole millisecond that is not before `at`: bounds of half-open ranges. */
const millisecond = (at: number): number => Math.ceil(Math.min(Math.max(at, EARLIEST), LATEST));

const rangeOf = ({ projectId, userKey, from, to }: UserRange): Record<string, unknown> => ({
  project: projectId,
  user: userKey,
  from: millisecond(from),
  to: millisecond(to),
});

/** A user's events with from ≤ timestamp < to. */
export async function userEvents(read: ShardReader, range: UserRange): Promise<StoredEvent[]> {
  if (!isUuid(range.projectId)) return [];
  return read<StoredEvent>(range.projectId, range.userKey, {
    sql: `SELECT ${EVENT} FROM events_local AS r FINAL
      WHERE ${OF_USER} AND r.timestamp >= ${time('from')} AND r.timestamp < ${time('to')}
      ORDER BY r.timestamp, r.sequence, r.event_id`,
    params: rangeOf(range),
  });
}

type FlatSession = Omit<SessionRow, 'version'> & OutputVersion;

/** The user's session parts that overlap [from, to); a part ends at its last event, which belongs to it. */
export async function userSessions(read: ShardReader, range: UserRange): Promise<SessionRow[]> {
  if (!isUuid(range.projectId)) return [];
  const rows = await read<FlatSession>(range.projectId, range.userKey, {
    sql: `SELECT ${SESSION} FROM sessions_local AS r FINAL
      WHERE ${OF_USER} AND r.ended_at >= ${time('from')} AND r.started_at < ${time('to')}
      ORDER BY r.started_at, r.session_id, r.lane`,
    params: rangeOf(range),
  });
  return rows.map(({ revision, generation, offset, rank, ...session }) => ({
    ...session,
    version: { revision, generation, offset, rank },
  }));
}

/**
 * Users with events of the log partition received in [from, to), by the projection `by_receipt`. Copies that are not merged yet
 * count: `events` may be too high, never too low.
 */
export async function touchedUsers(
  all: ClickHouse,
  { partition, from, to }: { readonly partition: number; readonly from: number; readonly to: number },
): Promise<TouchedUser[]> {
  return all.rows<TouchedUser>({
    sql: `SELECT project_id AS projectId, user_key AS userKey, toUnixTimestamp64Milli(min(timestamp)) AS from,
        toUnixTimestamp64Milli(max(timestamp)) + 1 AS to, count() AS events
      FROM events
      WHERE log_partition = {partition:Int32} AND received_at >= ${time('from')} AND received_at < ${time('to')}
      GROUP BY project_id, user_key ORDER BY project_id, user_key`,
    params: { partition, from: millisecond(from), to: millisecond(to) },
  });
}

export interface SpanQuery {
  readonly projectId: string;
  readonly userKey: string;
  readonly sessionIds: readonly string[];
}

/** Extent of client session ids among all of the user's events. */
export async function sessionSpans(read: ShardReader, query: SpanQuery): Promise<ClientSessionSpan[]> {
  if (!isUuid(query.projectId) || query.sessionIds.length === 0) return [];
  return read<ClientSessionSpan>(query.projectId, query.userKey, {
    sql: `SELECT session_id AS sessionId, toUnixTimestamp64Milli(min(timestamp)) AS from,
        toUnixTimestamp64Milli(max(timestamp)) + 1 AS to, count() AS events, toUnixTimestamp64Milli(max(received_at)) AS lastReceivedAt
      FROM events_local AS r FINAL WHERE ${OF_USER} AND session_id IN {ids:Array(String)}
      GROUP BY session_id ORDER BY session_id`,
    params: { project: query.projectId, user: query.userKey, ids: query.sessionIds },
  });
}
