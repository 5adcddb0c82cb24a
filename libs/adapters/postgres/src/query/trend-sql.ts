import type { Measure, TrendQuestion, TrendSeries } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import { type Compiler, isoTime, newCompiler, parameter } from './compiler.ts';
import { all, selectorSql } from './conditions.ts';
import { fieldNamed, numberOf, textOf } from './fields.ts';
import { eventsFrom, eventTables, rangeSql, scopeSql, withTables } from './source.ts';

export type TrendKey = readonly (string | null)[];

/**
 * A row of the answer to {@link trendStatement}: line 0 = other, from 1 on by rank; bucket 0 = the whole range.
 * The value is `a`, for `avg` and `perUser` it is a / b. Rows of one line and bucket add up.
 */
export interface TrendRow {
  readonly line: number;
  readonly bucket: number;
  readonly a: number | null;
  readonly b: number | null;
  /** Breakdown values of the line as JSON; in rows of the whole range. */
  readonly key: string | null;
}

export interface TrendPlan {
  readonly question: TrendQuestion;
  readonly series: TrendSeries;
  readonly buckets: readonly number[];
  /** The lines wanted; null = those with the greatest measure. */
  readonly keys: readonly TrendKey[] | null;
  /** Rows that may come back; one more shows that there are too many. */
  readonly rows: number;
}

/** One series over one range. */
export function trendStatement(plan: TrendPlan): Statement {
  const compiler = newCompiler();
  const hits = hitsSql(compiler, plan);
  const lines = linesSql(compiler, plan);
  const body = BODIES[familyOf(plan.series.measure)](compiler, plan);
  const limit = `LIMIT ${parameter(compiler, plan.rows, 'bigint')}`;
  const tables = [...eventTables(compiler, plan.question), hits, ...body.cells, ...lines(body.rank), ...body.lined];
  return { text: `${withTables(tables)}${body.select}\n${limit}`, values: compiler.values };
}

type Family = 'amount' | 'actor' | 'percentile';

function familyOf(measure: Measure): Family {
  if (measure.kind === 'percentile') return 'percentile';
  return measure.kind === 'uniqueUsers' || measure.kind === 'sessions' || measure.kind === 'perUser'
    ? 'actor'
    : 'amount';
}

/** The events that count, each with its line's key, its bucket, and what is counted. */
function hitsSql(compiler: Compiler, { question, series, buckets }: TrendPlan): string {
  const { measure } = series;
  if (measure.kind === 'sessions') compiler.joinsSessions = true;
  const conditions = [
    ...scopeSql(compiler, question),
    ...rangeSql(compiler, question),
    ...selectorSql(compiler, series.event),
    ...(measure.kind === 'sessions' ? ['s.n IS NOT NULL'] : []),
  ];
  const starts = parameter(compiler, buckets.map(isoTime), 'timestamptz[]');
  const values = question.breakdowns.map(({ field }) => textOf(compiler, fieldNamed(field)));
  const columns = [
    `width_bucket(e."timestamp", ${starts}) AS bucket`,
    ...(values.length === 0 ? [] : [`ARRAY[${values.join(', ')}] AS key`]),
    ...(familyOf(measure) === 'actor' ? [`${measure.kind === 'sessions' ? 's.n' : 'e.user_key'} AS actor`] : []),
    ...('field' in measure ? [`${numberOf(compiler, fieldNamed(measure.field))} AS amount`] : []),
  ];
  return `hits AS (
  SELECT ${columns.join(', ')}
  ${eventsFrom(compiler)}
  WHERE ${all(conditions)})`;
}

/** `ranks`: the key of each line. Empty without breakdowns. */
function linesSql(compiler: Compiler, { question, keys }: TrendPlan): (rank: Rank) => string[] {
  if (question.breakdowns.length === 0) return () => [];
  if (keys !== null) {
    const wanted = parameter(compiler, JSON.stringify(keys), 'jsonb');
    return () => [
      `ranks AS (
  SELECT ARRAY(SELECT v COLLATE "C" FROM jsonb_array_elements_text(k.value) WITH ORDINALITY AS t (v, i) ORDER BY i) AS key, k.line::integer
  FROM jsonb_array_elements(${wanted}) WITH ORDINALITY AS k (value, line))`,
    ];
  }
  const limit = parameter(compiler, question.breakdownLimit, 'bigint');
  return ({ from, value }) => [
    `ranks AS (
  SELECT key, row_number() OVER (ORDER BY ${value} DESC NULLS LAST, key)::integer AS line
  FROM ${from} GROUP BY key ORDER BY line LIMIT ${limit})`,
  ];
}

/** How lines are ranked: by `value`, grouped by key from a table. */
interface Rank {
  readonly from: string;
  readonly value: string;
}

interface Body {
  readonly cells: readonly string[];
  readonly rank: Rank;
  readonly lined: readonly string[];
  readonly select: string;
}

/** `table` with each row's line. */
function linedSql({ question }: TrendPlan, table: string): string {
  if (question.breakdowns.length === 0) return `lined AS (SELECT 1 AS line, c.* FROM ${table} c)`;
  return `lined AS (SELECT coalesce(r.line, 0) AS line, c.* FROM ${table} c LEFT JOIN ranks r ON r.key = c.key)`;
}

function keyColumn({ question }: TrendPlan): { readonly inner: string; readonly lines: string } {
  return question.breakdowns.length === 0
    ? { inner: '', lines: 'NULL' }
    : { inner: 'key, ', lines: 'CASE WHEN grouping(bucket) = 1 AND line > 0 THEN to_json(min(key))::text END' };
}

const BODIES: Readonly<Record<Family, (compiler: Compiler, plan: TrendPlan) => Body>> = {
  amount: (_, plan) => {
    const { cell, value, a, b } = AMOUNTS[plan.series.measure.kind as keyof typeof AMOUNTS];
    const key = keyColumn(plan);
    return {
      cells: [`cells AS (SELECT ${key.inner}bucket, ${cell} FROM hits GROUP BY ${key.inner}bucket)`],
      rank: { from: 'cells', value },
      lined: [linedSql(plan, 'cells')],
      select: bucketsAndWhole({ a, b, key: key.lines }),
    };
  },
  percentile: (compiler, plan) => {
    const { measure } = plan.series;
    const fraction = parameter(
      compiler,
      measure.kind === 'percentile' ? measure.percentile / 100 : 0.5,
      'double precision',
    );
    const value = `percentile_cont(${fraction}) WITHIN GROUP (ORDER BY amount)`;
    const key = keyColumn(plan);
    return {
      cells: [],
      rank: { from: 'hits', value },
      lined: [linedSql(plan, 'hits')],
      select: bucketsAndWhole({ a: value, b: 'NULL', key: key.lines }),
    };
  },
  actor: (_, plan) => actorBody(plan),
};

/** Sums that add up: a cell holds one bucket of one key. */
const AMOUNTS = {
  total: { cell: 'count(*) AS n', value: 'sum(n)', a: 'sum(n)', b: 'NULL' },
  sum: { cell: 'sum(amount) AS n', value: 'coalesce(sum(n), 0)', a: 'coalesce(sum(n), 0)', b: 'NULL' },
  avg: { cell: 'sum(amount) AS n, count(amount) AS m', value: 'sum(n) / nullif(sum(m), 0)', a: 'sum(n)', b: 'sum(m)' },
  min: { cell: 'min(amount) AS n', value: 'min(n)', a: 'min(n)', b: 'NULL' },
  max: { cell: 'max(amount) AS n', value: 'max(n)', a: 'max(n)', b: 'NULL' },
} as const;

function bucketsAndWhole({ a, b, key }: { readonly a: string; readonly b: string; readonly key: string }): string {
  return `SELECT line, CASE WHEN grouping(bucket) = 1 THEN 0 ELSE bucket END AS bucket,
  ${a}::double precision AS a, ${b}::double precision AS b, ${key} AS key
FROM lined GROUP BY GROUPING SETS ((line, bucket), (line))`;
}

/**
 * Distinct actors (users, sessions), counted by grouping twice: hashed, where count(DISTINCT) would sort.
 * Cumulative lines count an actor in the bucket where it comes first; the sums over buckets are made by the reader.
 */
function actorBody(plan: TrendPlan): Body {
  const key = keyColumn(plan);
  const perUser = plan.series.measure.kind === 'perUser';
  const values = perUser
    ? 'sum(n)::double precision AS a, count(*)::double precision AS b'
    : 'count(*)::double precision AS a, NULL::double precision AS b';
  const lineKey = key.inner === '' ? 'NULL' : 'CASE WHEN line > 0 THEN to_json(min(key))::text END';
  const keyOf = key.inner === '' ? '' : ', min(key) AS key';
  const buckets = plan.question.cumulative
    ? cumulativeBuckets(perUser)
    : `SELECT line, bucket, ${values}, NULL AS key FROM people GROUP BY line, bucket`;
  return {
    cells: [`cells AS (SELECT ${key.inner}bucket, actor, count(*) AS n FROM hits GROUP BY ${key.inner}bucket, actor)`],
    rank: {
      from: `(SELECT ${key.inner}actor, sum(n) AS n FROM cells GROUP BY ${key.inner}actor) k`,
      value: perUser ? 'sum(n) / count(*)' : 'count(*)',
    },
    lined: [
      linedSql(plan, 'cells'),
      `people AS (SELECT line, bucket, actor, sum(n) AS n${keyOf} FROM lined GROUP BY line, bucket, actor)`,
      `whole AS (SELECT line, min(bucket) AS bucket, actor, sum(n) AS n${keyOf} FROM people GROUP BY line, actor)`,
    ],
    select: `${buckets}
UNION ALL SELECT line, 0, ${values}, ${lineKey} FROM whole GROUP BY line`,
  };
}

function cumulativeBuckets(perUser: boolean): string {
  const first = perUser
    ? 'NULL::double precision AS a, count(*)::double precision AS b'
    : 'count(*)::double precision AS a, NULL::double precision AS b';
  const newcomers = `SELECT line, bucket, ${first}, NULL AS key FROM whole GROUP BY line, bucket`;
  if (!perUser) return newcomers;
  return `${newcomers}
UNION ALL SELECT line, bucket, sum(n)::double precision, NULL, NULL FROM people GROUP BY line, bucket`;
}
