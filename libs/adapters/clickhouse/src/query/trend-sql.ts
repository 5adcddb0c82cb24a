import { fieldNamed, type Measure, type TrendKey, type TrendPlan } from '@productgraph/domain-query';
import { type Bucketing, bucketing } from './buckets.ts';
import { type Compiler, newCompiler, parameter, type Query } from './compiler.ts';
import { selectorSql } from './conditions.ts';
import { type Names, numberOf, textOf } from './fields.ts';
import { lineSql } from './lines.ts';
import { EVENT_SESSION, EVENT_SESSION_ID } from './sessions-source.ts';
import { eventNames, rangeSql, scopeSql, selectEvents } from './source.ts';
import type { Reading } from './tables.ts';

interface Hits {
  readonly compiler: Compiler;
  readonly names: Names;
  readonly conditions: readonly string[];
  /** The breakdown values of an event. */
  readonly keys: readonly string[];
}

/** The events of a series: what they must fulfil, and their breakdown values. */
function hitsOf({ question, series }: TrendPlan, reading: Reading): Hits {
  const compiler = newCompiler(reading);
  const names = eventNames(compiler);
  const sessions = series.measure.kind === 'sessions';
  if (sessions) compiler.joinsSessions = true;
  const conditions = [
    ...scopeSql(names, question),
    ...rangeSql(names, question),
    ...selectorSql(names, series.event),
    ...(sessions ? [`isNotNull(${EVENT_SESSION_ID})`] : []),
  ];
  const keys = question.breakdowns.map(({ field }) => textOf(names, fieldNamed(field)));
  return { compiler, names, conditions, keys };
}

/** Who is counted: users, or sessions. */
function actorOf({ kind }: Measure): string | null {
  if (kind === 'sessions') return EVENT_SESSION;
  return kind === 'uniqueUsers' || kind === 'perUser' ? 'e.user_key' : null;
}

/** A measure as value / divisor; null = 1. Both add up over rows of one line and bucket, but for distinct counts. */
function measureSql({ compiler, names }: Hits, measure: Measure): { readonly a: string; readonly b: string | null } {
  const amount = 'field' in measure ? numberOf(names, fieldNamed(measure.field)) : '';
  switch (measure.kind) {
    case 'total':
      return { a: 'count()', b: null };
    case 'uniqueUsers':
    case 'sessions':
      return { a: `uniqExact(${actorOf(measure) ?? ''})`, b: null };
    case 'perUser':
      return { a: 'count()', b: 'uniqExact(e.user_key)' };
    case 'avg':
      return { a: `sum(${amount})`, b: `count(${amount})` };
    case 'percentile': {
      const fraction = parameter(compiler, measure.percentile / 100, 'Float64');
      return { a: `quantileExactInclusive(${fraction})(${amount})`, b: null };
    }
    default:
      return { a: `${measure.kind}(${amount})`, b: null };
  }
}

/** The breakdown values with the greatest measure over the whole range, as k1, k2, k3, in order of rank. */
export function ranksStatement(plan: TrendPlan, reading: Reading): Query {
  const { question, series } = plan;
  const hits = hitsOf(plan, reading);
  const { a, b } = measureSql(hits, series.measure);
  const value = series.measure.kind === 'sum' ? `ifNull(${a}, 0)` : b === null ? a : `${a} / nullIf(${b}, 0)`;
  const list = hits.keys.map((_, i) => `k${i + 1}`);
  const order = [`${value} DESC NULLS LAST`, ...list.map((key) => `${key} ASC NULLS LAST`)].join(', ');
  const limit = parameter(hits.compiler, question.breakdownLimit, 'UInt64');
  const sql = selectEvents(hits.compiler, {
    columns: hits.keys.map((key, i) => `${key} AS k${i + 1}`),
    conditions: hits.conditions,
    scope: question,
    tail: `GROUP BY ${list.join(', ')}\nORDER BY ${order} LIMIT ${limit}`,
  });
  return { sql, params: hits.compiler.params };
}

/** A row of {@link linesStatement}; `bucket` 0 = the whole range, else a number of the statement's bucketing. */
export interface LineRow {
  readonly line: number;
  readonly bucket: number;
  readonly a: number | null;
  readonly b: number | null;
}

/** Lines (those of `keys`, and all others together as line 0) by bucket and over the whole range. */
export function linesStatement(
  plan: TrendPlan,
  reading: Reading,
  keys: readonly TrendKey[],
): { readonly statement: Query; readonly buckets: Bucketing } {
  const hits = hitsOf(plan, reading);
  const { compiler } = hits;
  const buckets = bucketing(compiler, plan.buckets);
  const cell = { line: lineSql(compiler, hits.keys, keys), bucket: buckets.of('e.timestamp') };
  const body = plan.question.cumulative && actorOf(plan.series.measure) !== null ? newcomers : byBucket;
  const sql = body(plan, hits, cell);
  return {
    statement: { sql: `${sql}\nLIMIT ${parameter(compiler, plan.rows, 'UInt64')}`, params: compiler.params },
    buckets,
  };
}

/** SQL of the line and the bucket of an event. */
interface Cell {
  readonly line: string;
  readonly bucket: string;
}

/** Where all are of one line, ClickHouse makes a row of no events. */
const SETS = 'GROUP BY GROUPING SETS ((line, bucket), (line)) HAVING count() > 0';

function byBucket({ question, series }: TrendPlan, hits: Hits, { line, bucket }: Cell): string {
  const { a, b } = measureSql(hits, series.measure);
  return selectEvents(hits.compiler, {
    columns: [
      `${line} AS line`,
      `${bucket} AS bucket`,
      `toFloat64(${a}) AS a`,
      `${b === null ? 'NULL' : `toFloat64(${b})`} AS b`,
    ],
    conditions: hits.conditions,
    scope: question,
    tail: SETS,
  });
}

/**
 * Cumulative counts of users or sessions: each counts in the bucket where it comes first; the sums over buckets are made by
 * the reader. Of events per user the events are counted apart, in each bucket of theirs.
 */
function newcomers({ question, series }: TrendPlan, hits: Hits, { line, bucket }: Cell): string {
  const { compiler, conditions } = hits;
  const select = (columns: readonly string[], tail: string): string =>
    selectEvents(compiler, { columns, conditions, scope: question, tail });
  const actors = select(
    [`${line} AS line`, `${actorOf(series.measure) ?? ''} AS actor`, `min(${bucket}) AS bucket`, 'count() AS n'],
    'GROUP BY line, actor',
  );
  if (series.measure.kind !== 'perUser') {
    return `SELECT line, bucket, toFloat64(count()) AS a, NULL AS b FROM (${actors})\n${SETS}`;
  }
  const events = select(
    [`${line} AS line`, `${bucket} AS bucket`, 'toFloat64(count()) AS a', "CAST(NULL, 'Nullable(Float64)') AS b"],
    'GROUP BY line, bucket',
  );
  return `SELECT line, bucket, a, b FROM (
SELECT line, bucket, if(bucket = 0, toNullable(toFloat64(sum(n))), NULL) AS a, toNullable(toFloat64(count())) AS b FROM (${actors})
${SETS}
UNION ALL
${events})`;
}
