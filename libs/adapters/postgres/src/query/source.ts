import { EVENT_FLAGS } from '@productgraph/contracts';
import { SHARED_SESSION_USERS, type Scope } from '@productgraph/domain-query';
import { type Compiler, parameter, type SessionColumn, timeParameter } from './compiler.ts';
import { filterSql } from './conditions.ts';

/** The part of a scope that says which events are looked at; the range apart. */
export function scopeSql(compiler: Compiler, scope: Pick<Scope, 'projectId' | 'includeBots' | 'filter'>): string[] {
  return [
    `e.project_id = ${parameter(compiler, scope.projectId, 'uuid')}`,
    ...(scope.includeBots ? [] : [`e.flags & ${EVENT_FLAGS.bot} = 0`]),
    ...(scope.filter === null ? [] : [`(${filterSql(compiler, scope.filter)})`]),
  ];
}

/** From ≤ time < to; a bound that is null is left out. */
export function rangeSql(compiler: Compiler, range: { from: number | null; to: number }): string[] {
  return [
    ...(range.from === null ? [] : [`e."timestamp" >= ${timeParameter(compiler, range.from)}`]),
    `e."timestamp" < ${timeParameter(compiler, range.to)}`,
  ];
}

/** Total order of events. */
export const EVENT_ORDER = 'e."timestamp", e.sequence, e.event_id';

/** Sessions of whose parts at least one fulfils a condition (on `p`). */
export interface SessionChoice {
  readonly projectId: string;
  readonly where: readonly string[];
}

/** Sessions with a part that touches the range: all that its events can belong to. */
export function touching(compiler: Compiler, scope: EventScope): SessionChoice {
  return {
    projectId: scope.projectId,
    where: [
      ...(scope.to === null ? [] : [`p.started_at < ${timeParameter(compiler, scope.to)}`]),
      ...(scope.from === null ? [] : [`p.ended_at >= ${timeParameter(compiler, scope.from)}`]),
    ],
  };
}

/** FROM of a statement about events; with sessions, `s` is the merged session around the event. */
export function eventsFrom(compiler: Compiler): string {
  if (!compiler.joinsSessions) return 'FROM events e';
  return `FROM events e
  LEFT JOIN parts_of_user u ON u.user_key = e.user_key
  LEFT JOIN merged s ON s.n = ${SESSION_OF_EVENT}`;
}

/**
 * Number of the event's session. A user's parts rarely overlap: then a binary search by start finds the only one that
 * can hold the event. Where they overlap: the one the client named, else the last to start, else the smallest id.
 */
const SESSION_OF_EVENT = `CASE
    WHEN u.tangled THEN (
      SELECT k.n FROM unnest(u.ns, u.starts, u.ends, u.ids) AS k (n, started_at, ended_at, session_id)
      WHERE k.started_at <= e."timestamp" AND k.ended_at >= e."timestamp"
      ORDER BY (k.session_id = e.session_id) IS TRUE DESC, k.started_at DESC, k.session_id LIMIT 1)
    WHEN u.ends[width_bucket(e."timestamp", u.starts)] >= e."timestamp" THEN u.ns[width_bucket(e."timestamp", u.starts)]
  END`;

/** Merged sessions as common table expressions; `merged` is the last of them, and `parts_of_user` where events join. */
export function sessionTables(compiler: Compiler, choice: SessionChoice): string[] {
  const project = parameter(compiler, choice.projectId, 'uuid');
  const columns = [...compiler.sessionColumns].map(mergedSql).join('');
  const chosen =
    choice.where.length === 0
      ? ''
      : `AND p.session_id IN (
    SELECT p.session_id FROM sessions p
    WHERE p.project_id = ${project} AND p.state <> 'merged'
      AND ${choice.where.join(' AND ')})`;
  return [
    `parts AS MATERIALIZED (
  SELECT p.* FROM sessions p
  WHERE p.project_id = ${project} AND p.state <> 'merged' ${chosen})`,
    `shared AS (
  SELECT DISTINCT session_id FROM parts
  GROUP BY session_id, date_trunc('day', started_at, 'UTC') HAVING count(DISTINCT user_key) > ${SHARED_SESSION_USERS})`,
    `keyed AS (
  SELECT p.*, CASE WHEN d.session_id IS NULL THEN '' ELSE p.user_key END COLLATE "C" AS part
  FROM parts p LEFT JOIN shared d ON d.session_id = p.session_id)`,
    `merged AS MATERIALIZED (
  SELECT row_number() OVER ()::integer AS n, session_id, part${columns}
  FROM keyed GROUP BY session_id, part)`,
  ];
}

/** Per user the parts in order of start, for finding the session of an event. Needs {@link sessionTables}. */
export const PARTS_OF_USER = `ordered AS (
  SELECT k.user_key, k.session_id, k.started_at, k.ended_at, m.n,
    k.started_at <= max(k.ended_at) OVER (
      PARTITION BY k.user_key ORDER BY k.started_at, k.session_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS crosses
  FROM keyed k JOIN merged m ON m.session_id = k.session_id AND m.part = k.part),
parts_of_user AS MATERIALIZED (
  SELECT user_key, coalesce(bool_or(crosses), false) AS tangled, array_agg(n ORDER BY started_at) AS ns,
    array_agg(started_at ORDER BY started_at) AS starts, array_agg(ended_at ORDER BY started_at) AS ends,
    CASE WHEN bool_or(crosses) THEN array_agg(session_id ORDER BY started_at) END AS ids
  FROM ordered GROUP BY user_key)`;

const first = (column: string): string =>
  `(array_agg(${column} ORDER BY started_at, user_key, lane) FILTER (WHERE ${column} IS NOT NULL))[1] AS ${column}`;

/** How each property of a session comes from its parts; the meaning is that of `mergeSessions`. */
const MERGED: Readonly<Record<Exclude<SessionColumn, 'sessionId'>, string>> = {
  userKeys: 'array_agg(DISTINCT user_key ORDER BY user_key) AS user_keys',
  state: `CASE WHEN bool_or(state = 'open') THEN 'open' WHEN bool_or(state = 'closed') THEN 'closed' ELSE 'settled' END AS state`,
  start: 'min(started_at) AS started_at',
  end: 'max(ended_at) AS ended_at',
  durationMs: `round(date_part('epoch', max(ended_at) - min(started_at)) * 1000) AS duration_ms`,
  events: 'sum(events) AS events',
  pageViews: 'sum(page_views) AS page_views',
  errors: 'sum(errors) AS errors',
  isBounce: 'CASE WHEN sum(page_views) = 0 THEN sum(events) <= 1 ELSE sum(page_views) = 1 END AS is_bounce',
  entryPath: first('entry_path'),
  exitPath: `(array_agg(exit_path ORDER BY ended_at DESC, user_key DESC, lane DESC) FILTER (WHERE exit_path IS NOT NULL))[1] AS exit_path`,
  referrer: first('referrer'),
  utmSource: first('utm_source'),
  utmMedium: first('utm_medium'),
  utmCampaign: first('utm_campaign'),
  userAgent: first('user_agent'),
  isBot: 'bool_or(is_bot) AS is_bot',
};

function mergedSql(column: SessionColumn): string {
  return column === 'sessionId' ? '' : `,\n    ${MERGED[column]}`;
}

/** WITH clause of the given tables, empty when there are none. */
export function withTables(tables: readonly string[]): string {
  return tables.length === 0 ? '' : `WITH ${tables.join(',\n')}\n`;
}

/** Tables that `eventsFrom` needs when the statement joins sessions, none else. Call it when all else is compiled. */
export function eventTables(compiler: Compiler, scope: EventScope): string[] {
  if (!compiler.joinsSessions) return [];
  const choice = touching(compiler, scope);
  const ofUser = (scope.userKey ?? null) === null ? [] : [`p.user_key = ${parameter(compiler, scope.userKey, 'text')}`];
  return [...sessionTables(compiler, { ...choice, where: [...ofUser, ...choice.where] }), PARTS_OF_USER];
}

/** Whose events, and when; a bound that is null is open. */
export interface EventScope {
  readonly projectId: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly userKey?: string | null;
}
