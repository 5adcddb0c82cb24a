import {
  CURSOR_SHAPES,
  decodeCursor,
  fieldNamed,
  readsEvents,
  SESSION_DURATION_BOUNDS,
  type Filter,
  type Scope,
  type SessionMetricsQuestion,
  type SessionsQuestion,
} from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import {
  type Compiler,
  isoTime,
  milliseconds,
  newCompiler,
  parameter,
  type SessionColumn,
  timeParameter,
} from './compiler.ts';
import { all, filterSql } from './conditions.ts';
import { textOf } from './fields.ts';
import { EVENT_SESSION, eventsFrom, PARTS_OF_USER, sessionTables, touching, withTables } from './source.ts';

interface Chosen {
  readonly tables: string[];
  /** On `merged s`. */
  readonly conditions: string[];
}

/** Sessions that start in the range and pass the filter; the columns they need must be known to the compiler before. */
function chosenSessions(compiler: Compiler, scope: Scope, userKey: string | null): Chosen {
  const { filter, projectId, from, to } = scope;
  compiler.sessionColumns.add('start').add('isBot');
  const user = userKey === null ? null : parameter(compiler, userKey, 'text');
  if (user !== null) compiler.sessionColumns.add('userKeys');
  const conditions = [
    `s.started_at >= ${timeParameter(compiler, from)}`,
    `s.started_at < ${timeParameter(compiler, to)}`,
    ...(scope.includeBots ? [] : ['NOT s.is_bot']),
    ...(user === null ? [] : [`${user} = ANY (s.user_keys)`]),
  ];
  if (filter !== null && readsEvents(filter)) {
    compiler.sessionColumns.add('end');
    conditions.push(eventFilterSql(compiler, projectId, { filter, from }));
    const choice = touching(compiler, { projectId, from, to: null });
    return { tables: [...sessionTables(compiler, choice), PARTS_OF_USER], conditions };
  }
  if (filter !== null) conditions.push(`(${filterSql(compiler, filter)})`);
  const where = user === null ? startedIn(compiler, scope) : [`p.user_key = ${user}`];
  return { tables: sessionTables(compiler, { projectId, where }), conditions };
}

/** Every session that starts in the range has a part that does. */
function startedIn(compiler: Compiler, { from, to }: Scope): string[] {
  return [`p.started_at >= ${timeParameter(compiler, from)}`, `p.started_at < ${timeParameter(compiler, to)}`];
}

/** At least one of the session's events passes the filter. */
function eventFilterSql(
  compiler: Compiler,
  projectId: string,
  { filter, from }: { filter: Filter; from: number },
): string {
  compiler.joinsSessions = true;
  const conditions = [
    `e.project_id = ${parameter(compiler, projectId, 'uuid')}`,
    `e."timestamp" >= ${timeParameter(compiler, from)}`,
    'e."timestamp" <= (SELECT max(ended_at) FROM merged)',
    `${EVENT_SESSION} IS NOT NULL`,
    `(${filterSql(compiler, filter)})`,
  ];
  return `s.n IN (SELECT ${EVENT_SESSION} ${eventsFrom(compiler, conditions)})`;
}

const LISTED: readonly SessionColumn[] = [
  'userKeys', 'state', 'start', 'end', 'durationMs', 'events', 'pageViews', 'errors', 'isBounce', 'entryPath', 'exitPath',
  'referrer', 'utmSource', 'utmMedium', 'utmCampaign', 'userAgent', 'isBot',
]; // prettier-ignore

/** A page of sessions, newest start first. Columns are those of SessionSummary, and `part` for the cursor. */
export function sessionsStatement(question: SessionsQuestion): Statement {
  const compiler = newCompiler();
  for (const column of LISTED) compiler.sessionColumns.add(column);
  const { tables, conditions } = chosenSessions(compiler, question, question.userKey);
  const after = question.page.after === null ? null : decodeCursor(question.page.after, CURSOR_SHAPES.sessions);
  if (after !== null) {
    const [start, id, part] = after;
    const [at, name] = [timeParameter(compiler, Number(start)), parameter(compiler, [id, part], 'text[]')];
    conditions.push(`(s.started_at < ${at} OR s.started_at = ${at} AND ARRAY[s.session_id, s.part] > ${name})`);
  }
  const limit = parameter(compiler, question.page.first + 1, 'bigint');
  const text = `${withTables(tables)}SELECT s.session_id AS "sessionId", s.part, s.user_keys AS "userKeys", s.state,
  ${milliseconds('s.started_at')} AS "start", ${milliseconds('s.ended_at')} AS "end", s.duration_ms AS "durationMs",
  s.events, s.page_views AS "pageViews", s.errors, s.is_bounce AS "isBounce", s.entry_path AS "entryPath",
  s.exit_path AS "exitPath", s.referrer, s.utm_source AS "utmSource", s.utm_medium AS "utmMedium",
  s.utm_campaign AS "utmCampaign", s.user_agent AS "userAgent", s.is_bot AS "isBot"
FROM merged s
WHERE ${all(conditions)}
ORDER BY s.started_at DESC, s.session_id, s.part LIMIT ${limit}`;
  return { text, values: compiler.values };
}

/** Rows are those of `SessionMetricsRow`. */
export function sessionMetricsStatement(question: SessionMetricsQuestion, buckets: readonly number[]): Statement {
  const compiler = newCompiler();
  const needed = ['userKeys', 'start', 'durationMs', 'events', 'pageViews', 'isBounce'] as const;
  for (const column of needed) compiler.sessionColumns.add(column);
  const { breakdown } = question;
  const key = breakdown === null ? 'NULL::text' : textOf(compiler, fieldNamed(breakdown.field));
  const { tables, conditions } = chosenSessions(compiler, question, null);
  const starts = parameter(compiler, buckets.map(isoTime), 'timestamptz[]');
  // Bars include their upper bound, width_bucket its lower one; durations are whole milliseconds.
  const bounds = parameter(
    compiler,
    SESSION_DURATION_BOUNDS.map((bound) => bound + 1),
    'double precision[]',
  );
  const limit = parameter(compiler, question.breakdownLimit, 'bigint');
  const text = `${withTables([
    ...tables,
    `picked AS MATERIALIZED (
  SELECT s.*, width_bucket(s.started_at, ${starts}) AS bucket, ${key} AS key
  FROM merged s
  WHERE ${all(conditions)})`,
    `ranks AS (
  SELECT key, row_number() OVER (ORDER BY count(*) DESC, key)::integer AS line
  FROM picked GROUP BY key ORDER BY line LIMIT ${limit})`,
    `lined AS (SELECT coalesce(r.line, 0) AS line, p.* FROM picked p LEFT JOIN ranks r ON ARRAY[r.key] = ARRAY[p.key])`,
  ])}${[
    metricsSql({ part: 'total', at: '0', table: 'picked', group: '' }),
    metricsSql({ part: 'bucket', at: 'bucket', table: 'picked', group: 'GROUP BY bucket' }),
    ...(breakdown === null ? [] : [metricsSql({ part: 'group', at: 'line', table: 'lined', group: 'GROUP BY line' })]),
    `SELECT 'duration', width_bucket(duration_ms, ${bounds}), NULL, count(*), NULL, NULL, NULL, NULL, NULL, NULL
FROM picked GROUP BY 2`,
  ].join('\nUNION ALL\n')}`;
  return { text, values: compiler.values };
}

interface Cut {
  readonly part: string;
  readonly at: string;
  readonly table: string;
  readonly group: string;
}

function metricsSql({ part, at, table, group }: Cut): string {
  const users = `(SELECT ${at} AS at, count(DISTINCT k) AS users FROM ${table}, unnest(user_keys) k ${group})`;
  return `SELECT '${part}' AS part, m.at, m.key, m.sessions, u.users, m.bounces, m.average, m.median, m.pages, m.events
FROM (
  SELECT ${at} AS at, min(key) AS key, count(*) AS sessions, count(*) FILTER (WHERE is_bounce) AS bounces,
    avg(duration_ms) AS average, percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS median,
    sum(page_views)::double precision AS pages, sum(events)::double precision AS events
  FROM ${table} ${group}) m
LEFT JOIN ${users} u ON u.at = m.at`;
}
