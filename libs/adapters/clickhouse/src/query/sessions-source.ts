import { SHARED_SESSION_USERS, type SessionProperty } from '@productgraph/domain-query';
import { type Compiler, milliseconds, parameter, tenantSql, timeParameter } from './compiler.ts';
import { sessionColumn } from './fields.ts';

/** What a merged session can be asked for. */
export type SessionColumn = SessionProperty | 'userKeys' | 'parts';

/** Sessions of whose parts at least one fulfils a condition (on `p`). */
export interface SessionChoice {
  readonly projectId: string;
  readonly where: readonly string[];
}

/** Whose events, and when; a bound that is null is open. */
export interface EventScope {
  readonly projectId: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly userKey?: string | null;
}

/** Sessions with a part that touches the range: all that its events can belong to. */
export function touching(compiler: Compiler, scope: EventScope): SessionChoice {
  const userKey = scope.userKey ?? null;
  return {
    projectId: scope.projectId,
    where: [
      ...(userKey === null ? [] : [`p.user_key = ${parameter(compiler, userKey, 'String')}`]),
      ...(scope.to === null ? [] : [`p.started_at < ${timeParameter(compiler, scope.to)}`]),
      ...(scope.from === null ? [] : [`p.ended_at >= ${timeParameter(compiler, scope.from)}`]),
    ],
  };
}

/**
 * Highest version of each part, merged ones included, as a subquery. A part whose live state was lost between has a row for every
 * month in which it was begun anew: the highest of them tells what it is, also when it is no more.
 */
export function latestParts(compiler: Compiler, where: readonly string[], columns: readonly string[]): string {
  const part = 'p.session_id, p.user_key, p.lane';
  const list = ['session_id', 'user_key', 'lane', 'started_at', 'ended_at', ...columns];
  return `(
    SELECT ${list.map((column) => `p.${column} AS ${column}`).join(', ')}
    FROM ${compiler.reading.sessions} AS p
    WHERE ${where.join(' AND ')}
    ORDER BY ${part}, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC
    LIMIT 1 BY ${part})`;
}

/** Ids of sessions with a part that fulfils the conditions, as a subquery. */
export function chosenIds(compiler: Compiler, tenant: string, where: readonly string[]): string {
  const conditions = [tenant, `p.state != 'merged'`, ...where];
  return `(
      SELECT p.session_id FROM ${compiler.reading.sessions} AS p
      WHERE ${conditions.join('\n        AND ')})`;
}

/** Merged sessions as a subquery, one row per session with the columns asked for. */
export function mergedSessions(compiler: Compiler, choice: SessionChoice, wanted: Iterable<SessionColumn>): string {
  const tenant = tenantSql(compiler, 'p', choice.projectId);
  const columns = [...wanted].filter((column) => column !== 'sessionId');
  const needed = [...new Set(['state', ...columns.flatMap((column) => MERGED[column].from ?? [])])];
  const where = [tenant, `p.session_id GLOBAL IN ${chosenIds(compiler, tenant, choice.where)}`];
  return `(
  SELECT k.session_id AS session_id, k.part AS part${columns.map((column) => `,\n    ${MERGED[column].sql}`).join('')}
  FROM (
    SELECT p.*, if(max(p.users) OVER (PARTITION BY p.session_id) > ${SHARED_SESSION_USERS}, p.user_key, '') AS part
    FROM (
    SELECT p.*, uniqExact(p.user_key) OVER (PARTITION BY p.session_id, toStartOfDay(p.started_at, 'UTC')) AS users
    FROM ${latestParts(compiler, where, needed)} AS p
    WHERE p.state != 'merged') AS p) AS k
  GROUP BY k.session_id, k.part)`;
}

interface Merged {
  readonly sql: string;
  /** Columns of `sessions` that it reads, besides id, user, lane and times. */
  readonly from?: readonly string[];
}

const sum = (column: string): Merged => ({ sql: `sum(k.${column}) AS ${column}`, from: [column] });
const first = (column: string): Merged => ({
  sql: `argMinIf(k.${column}, (k.started_at, k.user_key, k.lane), isNotNull(k.${column})) AS ${column}`,
  from: [column],
});

/** How each property of a session comes from its parts; the meaning is that of `mergeSessions`. */
const MERGED: Readonly<Record<Exclude<SessionColumn, 'sessionId'>, Merged>> = {
  userKeys: { sql: 'arraySort(groupUniqArray(k.user_key)) AS user_keys' },
  parts: { sql: 'groupArray((k.user_key, k.started_at, k.ended_at)) AS parts' },
  state: {
    sql: `multiIf(countIf(k.state = 'open') > 0, 'open', countIf(k.state = 'closed') > 0, 'closed', 'settled') AS state`,
    from: ['state'],
  },
  start: { sql: 'min(k.started_at) AS started_at' },
  end: { sql: 'max(k.ended_at) AS ended_at' },
  durationMs: { sql: `${milliseconds('max(k.ended_at)')} - ${milliseconds('min(k.started_at)')} AS duration_ms` },
  events: sum('events'),
  pageViews: sum('page_views'),
  errors: sum('errors'),
  isBounce: {
    sql: 'toBool(if(sum(k.page_views) = 0, sum(k.events) <= 1, sum(k.page_views) = 1)) AS is_bounce',
    from: ['page_views', 'events'],
  },
  entryPath: first('entry_path'),
  exitPath: {
    sql: 'argMaxIf(k.exit_path, (k.ended_at, k.user_key, k.lane), isNotNull(k.exit_path)) AS exit_path',
    from: ['exit_path'],
  },
  referrer: first('referrer'),
  utmSource: first('utm_source'),
  utmMedium: first('utm_medium'),
  utmCampaign: first('utm_campaign'),
  userAgent: first('user_agent'),
  isBot: { sql: 'toBool(max(k.is_bot)) AS is_bot', from: ['is_bot'] },
};

/*
 * The session around an event. Right side of the join: for each user and each start of one of the parts, the parts that are
 * not over by then (`candidates`: tuples of start, id, part key, end, and the columns asked for). The join by time finds the
 * row with the last start at or before the event; what is over by the event's time is left out then. Parts of one user
 * rarely overlap: then each row has just its own part.
 */

/** The right side of the join, alias `u`. */
export function sessionCandidates(compiler: Compiler, choice: SessionChoice): string {
  const columns = [...compiler.sessionColumns];
  const merged = mergedSessions(compiler, choice, new Set<SessionColumn>([...columns, 'parts']));
  const values = columns.map((column) => `, toNullable(m.${sessionColumn(column)})`).join('');
  const tuple = `(own.2, toNullable(m.session_id), toNullable(m.part), own.3${values})`;
  return `(
  SELECT user_key, c.1 AS started_at, c.2 AS candidates
  FROM (
    SELECT own.1 AS user_key,
      arraySort(x -> (x.1, x.2, x.3), groupArray(${tuple})) AS list,
      arrayExists((x, y) -> x.4 >= y.1, arrayPopBack(list), arrayPopFront(list)) AS tangled
    FROM ${merged} AS m
    ARRAY JOIN m.parts AS own
    GROUP BY user_key)
  ARRAY JOIN if(tangled, ${TANGLED}, arrayMap(x -> (x.1, [x]), list)) AS c)`;
}

/** A row per distinct start, with the parts that began by then and are not over. */
const TANGLED = `arrayMap(
      i -> (list[i].1, arrayFilter(x -> x.4 >= list[i].1, arraySlice(list, 1, i))),
      arrayFilter(i -> i = length(list) OR list[i + 1].1 > list[i].1, arrayEnumerate(list)))`;

/**
 * The part that holds the event: of those not over, the one with the id that the client sent, else the last to start, else
 * the one with the smallest id. A tuple of nulls where there is none.
 */
export const SESSION_OF_EVENT = `arrayMap(
    held -> arrayFirst(x -> x.1 = held[-1].1, held),
    [arrayMap(
      held -> if(arrayExists(x -> x.2 = ifNull(e.session_id, ''), held), arrayFilter(x -> x.2 = ifNull(e.session_id, ''), held), held),
      [arrayFilter(x -> x.4 >= e.timestamp, u.candidates)])[1]])[1]`;

/** Id of the event's session; null = in none. */
export const EVENT_SESSION_ID = 'tupleElement(s, 2)';

/** Which session it is: id and part key. */
export const EVENT_SESSION = '(tupleElement(s, 2), tupleElement(s, 3))';
