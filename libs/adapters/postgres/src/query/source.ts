import { EVENT_FLAGS } from '@productgraph/contracts';
import { SHARED_SESSION_USERS, type Scope } from '@productgraph/domain-query';
import { type Compiler, parameter, type SessionColumn, timeParameter } from './compiler.ts';
import { all, filterSql } from './conditions.ts';

/** The part of a scope that says which events are looked at; the range apart. */
export function scopeSql(compiler: Compiler, scope: Pick<Scope, 'projectId' | 'includeBots' | 'filter'>): string[] {
  return [
    `e.project_id = ${parameter(compiler, scope.projectId, 'uuid')}`,
    // "= 0" would be the same, but the planner expects one of two hundred rows to pass it.
    ...(scope.includeBots ? [] : [`(e.flags & ${EVENT_FLAGS.bot}) <> ${EVENT_FLAGS.bot}`]),
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

/** Number of the event's session where a statement joins sessions; null = in none. */
export const EVENT_SESSION = 'e.session_n';

/**
 * FROM and WHERE of a statement about events (alias `e`); with sessions, `s` is the merged session around the event.
 * Then conditions on events alone go inside: the session is looked for after them, once per event.
 */
export function eventsFrom(compiler: Compiler, conditions: readonly string[]): string {
  if (!compiler.joinsSessions) return `FROM events e\n  WHERE ${all(conditions)}`;
  const [inner, outer] = [
    conditions.filter((sql) => !READS_SESSION.test(sql)),
    conditions.filter((sql) => READS_SESSION.test(sql)),
  ];
  return `FROM (
    SELECT e.*, ${SESSION_OF_EVENT} AS session_n
    FROM events e LEFT JOIN parts_of_user u ON u.user_key = e.user_key
    WHERE ${all(inner)} OFFSET 0) e
  ${compiler.sessionColumns.size === 0 ? '' : `LEFT JOIN merged s ON s.n = ${EVENT_SESSION} `}WHERE ${all(outer)}`;
}

/** The merged session or its number; statements hold no text of the asker that could look like it. */
const READS_SESSION = /(^|[^\w.])s\.|e\.session_n/;

/**
 * Number of the event's session. A user's parts rarely overlap: then a binary search by start finds the only one that
 * can hold the event. Where they overlap, those that started within the longest part's length before the event are
 * looked at: the one the client named, else the last to start, else the smallest id.
 */
const SESSION_OF_EVENT = `CASE
      WHEN u.tangled THEN (
        SELECT k.n
        FROM (SELECT width_bucket(e."timestamp" - u.longest - interval '1 microsecond', u.starts) + 1 AS a,
          width_bucket(e."timestamp", u.starts) AS z) f
        CROSS JOIN LATERAL unnest(u.ns[f.a:f.z], u.starts[f.a:f.z], u.ends[f.a:f.z], u.ids[f.a:f.z])
          AS k (n, started_at, ended_at, session_id)
        WHERE k.ended_at >= e."timestamp"
        ORDER BY (k.session_id = e.session_id) IS TRUE DESC, k.started_at DESC, k.session_id LIMIT 1)
      WHEN u.ends[width_bucket(e."timestamp", u.starts)] >= e."timestamp" THEN u.ns[width_bucket(e."timestamp", u.starts)]
    END`;

/**
 * Highest version of each part, merged ones included. A part whose live state was lost between has a row for every month in
 * which it was begun anew: the highest of them tells what it is, also when it is no more.
 */
export function latestParts(where: readonly string[], columns: readonly string[] = []): string {
  const part = 'p.session_id, p.user_key, p.lane';
  return `(
    SELECT DISTINCT ON (${part}) ${part}, p.started_at, p.ended_at${columns.map((name) => `, p.${name}`).join('')}
    FROM sessions p
    WHERE ${where.join(' AND ')}
    ORDER BY ${part}, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC)`;
}

/** Merged sessions as common table expressions; `merged` is the last of them, and `parts_of_user` where events join. */
export function sessionTables(compiler: Compiler, choice: SessionChoice): string[] {
  const project = parameter(compiler, choice.projectId, 'uuid');
  const wanted = [...compiler.sessionColumns].filter((column) => column !== 'sessionId');
  const columns = wanted.map((column) => `,\n    ${MERGED[column].sql}`).join('');
  const needed = [...new Set(['state', ...wanted.flatMap((column) => MERGED[column].from ?? [])])];
  const chosen = `p.session_id IN (
      SELECT p.session_id FROM sessions p
      WHERE p.project_id = ${project} AND p.state <> 'merged'
        AND ${choice.where.join(' AND ')})`;
  return [
    `parts AS MATERIALIZED (
  SELECT * FROM ${latestParts([`p.project_id = ${project}`, chosen], needed)} p
  WHERE p.state <> 'merged')`,
    `crowded AS (SELECT session_id FROM parts GROUP BY session_id HAVING count(*) > ${SHARED_SESSION_USERS})`,
    `shared AS (
  SELECT DISTINCT session_id FROM parts JOIN crowded USING (session_id)
  GROUP BY session_id, date_trunc('day', started_at, 'UTC') HAVING count(DISTINCT user_key) > ${SHARED_SESSION_USERS})`,
    `keyed AS MATERIALIZED (
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
      PARTITION BY k.user_key ORDER BY k.started_at, k.session_id, m.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS crosses
  FROM keyed k JOIN merged m ON m.session_id = k.session_id AND m.part = k.part),
parts_of_user AS MATERIALIZED (
  SELECT user_key, coalesce(bool_or(crosses), false) AS tangled, max(ended_at - started_at) AS longest,
    array_agg(n ORDER BY started_at, session_id, n) AS ns,
    array_agg(started_at ORDER BY started_at, session_id, n) AS starts,
    array_agg(ended_at ORDER BY started_at, session_id, n) AS ends,
    CASE WHEN bool_or(crosses) THEN array_agg(session_id ORDER BY started_at, session_id, n) END AS ids
  FROM ordered GROUP BY user_key)`;

interface Merged {
  readonly sql: string;
  /** Columns of `sessions` that it reads, besides id, user, lane and times. */
  readonly from?: readonly string[];
}

const sum = (column: string): Merged => ({ sql: `sum(${column}) AS ${column}`, from: [column] });
const first = (column: string): Merged => ({
  sql: `(array_agg(${column} ORDER BY started_at, user_key, lane) FILTER (WHERE ${column} IS NOT NULL))[1] AS ${column}`,
  from: [column],
});

/** How each property of a session comes from its parts; the meaning is that of `mergeSessions`. */
const MERGED: Readonly<Record<Exclude<SessionColumn, 'sessionId'>, Merged>> = {
  userKeys: { sql: 'array_agg(DISTINCT user_key ORDER BY user_key) AS user_keys' },
  state: {
    sql: `CASE WHEN bool_or(state = 'open') THEN 'open' WHEN bool_or(state = 'closed') THEN 'closed' ELSE 'settled' END AS state`,
    from: ['state'],
  },
  start: { sql: 'min(started_at) AS started_at' },
  end: { sql: 'max(ended_at) AS ended_at' },
  durationMs: { sql: `round(date_part('epoch', max(ended_at) - min(started_at)) * 1000) AS duration_ms` },
  events: sum('events'),
  pageViews: sum('page_views'),
  errors: sum('errors'),
  isBounce: {
    sql: 'CASE WHEN sum(page_views) = 0 THEN sum(events) <= 1 ELSE sum(page_views) = 1 END AS is_bounce',
    from: ['page_views', 'events'],
  },
  entryPath: first('entry_path'),
  exitPath: {
    sql: `(array_agg(exit_path ORDER BY ended_at DESC, user_key DESC, lane DESC) FILTER (WHERE exit_path IS NOT NULL))[1] AS exit_path`,
    from: ['exit_path'],
  },
  referrer: first('referrer'),
  utmSource: first('utm_source'),
  utmMedium: first('utm_medium'),
  utmCampaign: first('utm_campaign'),
  userAgent: first('user_agent'),
  isBot: { sql: 'bool_or(is_bot) AS is_bot', from: ['is_bot'] },
};

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
