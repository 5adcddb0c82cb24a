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
import { bucketIndexSql } from './buckets.ts';
import {
  type Compiler,
  milliseconds,
  newCompiler,
  parameter,
  type Query,
  tenantSql,
  timeParameter,
} from './compiler.ts';
import { all, filterSql } from './conditions.ts';
import { type Names, ofSessionRow, textOf } from './fields.ts';
import { lineSql } from './lines.ts';
import { chosenIds, EVENT_SESSION_ID, mergedSessions, type SessionColumn } from './sessions-source.ts';
import { eventNames, selectEvents } from './source.ts';
import type { Reading } from './tables.ts';

/** FROM and WHERE of a statement about the sessions (alias `s`) that start in the range and pass the filter. */
interface Chosen {
  readonly from: string;
  readonly where: string;
}

interface Choice {
  readonly scope: Scope;
  readonly userKey: string | null;
  readonly columns: readonly SessionColumn[];
}

function chosenSessions(compiler: Compiler, { scope, userKey, columns }: Choice): Chosen {
  const { filter, projectId, from, to } = scope;
  const user = userKey === null ? null : parameter(compiler, userKey, 'String');
  const conditions = [
    `s.started_at >= ${timeParameter(compiler, from)}`,
    `s.started_at < ${timeParameter(compiler, to)}`,
    ...(scope.includeBots ? [] : ['NOT s.is_bot']),
    ...(user === null ? [] : [`has(s.user_keys, ${user})`]),
    ...(filter === null ? [] : [conditionSql(compiler, scope, filter)]),
  ];
  // Every session that starts in the range has a part that does.
  const where = user === null ? startedIn(compiler, scope) : [`p.user_key = ${user}`];
  const wanted = new Set<SessionColumn>([
    ...columns,
    ...(filter === null ? [] : columnsOf(filter)),
    'start',
    'isBot',
    'userKeys',
  ]);
  return { from: `${mergedSessions(compiler, { projectId, where }, wanted)} AS s`, where: all(conditions) };
}

function startedIn(compiler: Compiler, { from, to }: Scope): string[] {
  return [`p.started_at >= ${timeParameter(compiler, from)}`, `p.started_at < ${timeParameter(compiler, to)}`];
}

/** Columns of sessions that a filter names. */
function columnsOf(filter: Filter): SessionColumn[] {
  if (filter.kind === 'not') return columnsOf(filter.filter);
  if (filter.kind !== 'condition') return filter.filters.flatMap(columnsOf);
  const { source } = fieldNamed(filter.field);
  return source.kind === 'session' ? [source.property] : [];
}

function conditionSql(compiler: Compiler, scope: Scope, filter: Filter): string {
  if (!readsEvents(filter)) return `(${filterSql(sessionNames(compiler), filter)})`;
  return `(s.session_id, s.part) GLOBAL IN (${sessionsWithEvent(compiler, scope, filter)})`;
}

/** Names in statements about merged sessions `s`. */
function sessionNames(compiler: Compiler): Names {
  return { compiler, session: ofSessionRow };
}

/** Id and part key of the sessions with an event for which the whole filter is true. */
function sessionsWithEvent(compiler: Compiler, scope: Scope, filter: Filter): string {
  const { projectId, from } = scope;
  compiler.joinsSessions = true;
  const condition = filterSql(eventNames(compiler), filter);
  const tenant = tenantSql(compiler, 'p', projectId);
  const lastEnd = `(SELECT max(p.ended_at) FROM ${compiler.reading.sessions} AS p WHERE ${tenant} AND p.session_id GLOBAL IN ${chosenIds(compiler, tenant, startedIn(compiler, scope))})`;
  return selectEvents(compiler, {
    columns: [`assumeNotNull(${EVENT_SESSION_ID})`, 'assumeNotNull(tupleElement(s, 3))'],
    conditions: [
      tenantSql(compiler, 'e', projectId),
      `e.timestamp >= ${timeParameter(compiler, from)}`,
      `e.timestamp <= ${lastEnd}`,
      `isNotNull(${EVENT_SESSION_ID})`,
      `(${condition})`,
    ],
    scope: { projectId, from, to: null },
  });
}

const LISTED: readonly SessionColumn[] = [
  'userKeys', 'state', 'start', 'end', 'durationMs', 'events', 'pageViews', 'errors', 'isBounce', 'entryPath', 'exitPath',
  'referrer', 'utmSource', 'utmMedium', 'utmCampaign', 'userAgent', 'isBot',
]; // prettier-ignore

/** A page of sessions, newest start first. Columns are those of SessionSummary, and `part` for the cursor. */
export function sessionsStatement(question: SessionsQuestion, reading: Reading): Query {
  const compiler = newCompiler(reading);
  const { from, where } = chosenSessions(compiler, { scope: question, userKey: question.userKey, columns: LISTED });
  const conditions = [where];
  const after = question.page.after === null ? null : decodeCursor(question.page.after, CURSOR_SHAPES.sessions);
  if (after !== null) {
    const at = timeParameter(compiler, Number(after[0]));
    const name = [parameter(compiler, after[1], 'String'), parameter(compiler, after[2], 'String')].join(', ');
    conditions.push(`(s.started_at < ${at} OR s.started_at = ${at} AND (s.session_id, s.part) > (${name}))`);
  }
  const limit = parameter(compiler, question.page.first + 1, 'UInt64');
  const sql = `SELECT s.session_id AS sessionId, s.part AS part, s.user_keys AS userKeys, s.state AS state,
  ${milliseconds('s.started_at')} AS start, ${milliseconds('s.ended_at')} AS end, s.duration_ms AS durationMs,
  s.events AS events, s.page_views AS pageViews, s.errors AS errors, s.is_bounce AS isBounce, s.entry_path AS entryPath,
  s.exit_path AS exitPath, s.referrer AS referrer, s.utm_source AS utmSource, s.utm_medium AS utmMedium,
  s.utm_campaign AS utmCampaign, s.user_agent AS userAgent, s.is_bot AS isBot
FROM ${from}
WHERE ${all(conditions)}
ORDER BY s.started_at DESC, s.session_id, s.part LIMIT ${limit}`;
  return { sql, params: compiler.params };
}

const MEASURED: readonly SessionColumn[] = ['userKeys', 'start', 'durationMs', 'events', 'pageViews', 'isBounce'];

function breakdownColumns({ breakdown }: SessionMetricsQuestion): SessionColumn[] {
  return breakdown === null
    ? []
    : columnsOf({ kind: 'condition', field: breakdown.field, operator: 'set', values: [] });
}

/** The values of the breakdown (`key`) that most sessions have, in order of rank. */
export function sessionRanksStatement(question: SessionMetricsQuestion, reading: Reading, field: string): Query {
  const compiler = newCompiler(reading);
  const key = textOf(sessionNames(compiler), fieldNamed(field));
  const { from, where } = chosenSessions(compiler, {
    scope: question,
    userKey: null,
    columns: breakdownColumns(question),
  });
  const sql = `SELECT ${key} AS key
FROM ${from}
WHERE ${where}
GROUP BY key
ORDER BY count() DESC, key ASC NULLS LAST LIMIT ${parameter(compiler, question.breakdownLimit, 'UInt64')}`;
  return { sql, params: compiler.params };
}

/**
 * A row of {@link sessionMetricsStatement}. Of the three numbers at most one is not 0 and says what the row is about: a bucket (its
 * number), a line (its number + 1; 1 = other), a bar of durations (its number); with none it is about all sessions.
 */
export interface MetricsRow {
  readonly bucket: number;
  readonly line: number;
  readonly bar: number;
  readonly sessions: number;
  readonly users: number;
  readonly bounces: number;
  readonly average: number | null;
  readonly median: number | null;
  readonly pages: number;
  readonly events: number;
}

interface Metrics {
  readonly reading: Reading;
  readonly buckets: readonly number[];
  /** The values of the breakdown in order of rank; null = not asked. */
  readonly keys: readonly (string | null)[] | null;
}

/** Over all, per bucket, per line and per bar of durations, in one pass. */
export function sessionMetricsStatement(question: SessionMetricsQuestion, { reading, buckets, keys }: Metrics): Query {
  const compiler = newCompiler(reading);
  const { breakdown } = question;
  const values = breakdown === null ? [] : [textOf(sessionNames(compiler), fieldNamed(breakdown.field))];
  const line = keys === null ? [] : [`${lineSql(compiler, values, keys.map((key) => [key]))} + 1 AS line`]; // prettier-ignore
  const columns = [...MEASURED, ...breakdownColumns(question)];
  const { from, where } = chosenSessions(compiler, { scope: question, userKey: null, columns });
  // Bars include their upper bound; durations are whole milliseconds.
  const floors = [0, ...SESSION_DURATION_BOUNDS.map((bound) => bound + 1)];
  const bounds = parameter(compiler, floors, 'Array(Int64)');
  const numbers = parameter(compiler, floors.map((_, i) => i + 1), 'Array(Int64)'); // prettier-ignore
  const sets = ['()', '(bucket)', '(bar)', ...(keys === null ? [] : ['(line)'])];
  const sql = `SELECT bucket, ${keys === null ? '0 AS line' : 'line'}, bar, count() AS sessions, uniqExactArray(user_keys) AS users, countIf(is_bounce) AS bounces,
  toFloat64(avg(duration_ms)) AS average, toFloat64(quantileExactInclusive(0.5)(duration_ms)) AS median,
  toFloat64(sum(page_views)) AS pages, toFloat64(sum(events)) AS events
FROM (
  SELECT s.user_keys AS user_keys, s.is_bounce AS is_bounce, s.duration_ms AS duration_ms, s.page_views AS page_views,
    s.events AS events, ${[`${bucketIndexSql(compiler, buckets, 's.started_at')} AS bucket`, ...line].join(', ')},
    transform(roundDown(s.duration_ms, ${bounds}), ${bounds}, ${numbers}, toInt64(0)) AS bar
  FROM ${from}
  WHERE ${where})
GROUP BY GROUPING SETS (${sets.join(', ')})`;
  return { sql, params: compiler.params };
}
