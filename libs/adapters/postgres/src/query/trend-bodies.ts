import type { Measure } from '@productgraph/domain-query';
import { type Compiler, parameter } from './compiler.ts';

/** How lines are ranked: by `value`, grouped by key from a table. */
export interface Rank {
  readonly from: string;
  readonly value: string;
}

/** What is made of `hits` (bucket, keys, actor or amount) for one measure. */
export interface TrendBody {
  /** Tables before the lines are known. */
  readonly before: readonly string[];
  readonly rank: Rank;
  /** The table whose rows get a line; the result is `lined`. */
  readonly cells: string;
  /** Tables made of `lined`. */
  readonly after: readonly string[];
  readonly select: string;
}

interface Shape {
  readonly measure: Measure;
  readonly cumulative: boolean;
  /** Columns of the breakdown values. */
  readonly keys: readonly string[];
}

export function bodyOf(compiler: Compiler, shape: Shape): TrendBody {
  switch (shape.measure.kind) {
    case 'percentile':
      return percentileBody(compiler, shape.measure.percentile / 100);
    case 'uniqueUsers':
    case 'sessions':
    case 'perUser':
      return actorBody(shape);
    default:
      return amountBody(shape, AMOUNTS[shape.measure.kind]);
  }
}

const listed = (columns: readonly string[]): string => columns.map((column) => `${column}, `).join('');

/** Sums that add up: a cell holds one bucket of one key. */
const AMOUNTS = {
  total: { cell: 'count(*) AS n', value: 'sum(n)', a: 'sum(n)', b: 'NULL' },
  sum: { cell: 'sum(amount) AS n', value: 'coalesce(sum(n), 0)', a: 'coalesce(sum(n), 0)', b: 'NULL' },
  avg: { cell: 'sum(amount) AS n, count(amount) AS m', value: 'sum(n) / nullif(sum(m), 0)', a: 'sum(n)', b: 'sum(m)' },
  min: { cell: 'min(amount) AS n', value: 'min(n)', a: 'min(n)', b: 'NULL' },
  max: { cell: 'max(amount) AS n', value: 'max(n)', a: 'max(n)', b: 'NULL' },
} as const;

function amountBody({ keys }: Shape, amount: (typeof AMOUNTS)[keyof typeof AMOUNTS]): TrendBody {
  const { cell, value, a, b } = amount;
  return {
    before: [`cells AS (SELECT ${listed(keys)}bucket, ${cell} FROM hits GROUP BY ${listed(keys)}bucket)`],
    rank: { from: 'cells', value },
    cells: 'cells',
    after: [],
    select: bucketsAndWhole(a, b),
  };
}

function percentileBody(compiler: Compiler, fraction: number): TrendBody {
  const value = `percentile_cont(${parameter(compiler, fraction, 'double precision')}) WITHIN GROUP (ORDER BY amount)`;
  return {
    before: [],
    rank: { from: 'hits', value },
    cells: 'hits',
    after: [],
    select: bucketsAndWhole(value, 'NULL'),
  };
}

function bucketsAndWhole(a: string, b: string): string {
  return `SELECT line, CASE WHEN grouping(bucket) = 1 THEN 0 ELSE bucket END AS bucket,
  ${a}::double precision AS a, ${b}::double precision AS b, NULL AS key
FROM lined GROUP BY GROUPING SETS ((line, bucket), (line))`;
}

const ACTORS = 'count(*)::double precision AS a, NULL::double precision AS b';
const PER_ACTOR = 'sum(n)::double precision AS a, count(*)::double precision AS b';

/**
 * Distinct actors (users, sessions), counted by grouping twice: hashed, where count(DISTINCT) would sort.
 * Cumulative lines count an actor in the bucket where it comes first; the sums over buckets are made by the reader.
 */
function actorBody({ measure, cumulative, keys }: Shape): TrendBody {
  const perUser = measure.kind === 'perUser';
  const values = perUser ? PER_ACTOR : ACTORS;
  return {
    before: [
      `cells AS (SELECT ${listed(keys)}bucket, actor, count(*) AS n FROM hits GROUP BY ${listed(keys)}bucket, actor)`,
    ],
    rank: {
      from: `(SELECT ${listed(keys)}actor, sum(n) AS n FROM cells GROUP BY ${listed(keys)}actor) k`,
      value: perUser ? 'sum(n) / count(*)' : 'count(*)',
    },
    cells: 'cells',
    after: [
      // A cell is an actor's bucket in a line already; only `other` has many cells for one.
      keys.length === 0
        ? 'people AS (SELECT line, bucket, actor, n FROM lined)'
        : `people AS (
  SELECT line, bucket, actor, n FROM lined WHERE line > 0
  UNION ALL SELECT line, bucket, actor, sum(n) FROM lined WHERE line = 0 GROUP BY line, bucket, actor)`,
      'whole AS (SELECT line, min(bucket) AS bucket, actor, sum(n) AS n FROM people GROUP BY line, actor)',
    ],
    select: `${cumulative ? newcomers(perUser) : `SELECT line, bucket, ${values}, NULL AS key FROM people GROUP BY line, bucket`}
UNION ALL SELECT line, 0, ${values}, NULL FROM whole GROUP BY line`,
  };
}

function newcomers(perUser: boolean): string {
  const values = perUser ? 'NULL::double precision AS a, count(*)::double precision AS b' : ACTORS;
  const first = `SELECT line, bucket, ${values}, NULL AS key FROM whole GROUP BY line, bucket`;
  if (!perUser) return first;
  return `${first}
UNION ALL SELECT line, bucket, sum(n)::double precision, NULL, NULL FROM people GROUP BY line, bucket`;
}
