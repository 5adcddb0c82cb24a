import type { RetentionQuestion } from '@productgraph/domain-query';
import { bucketIndexSql } from './buckets.ts';
import { type Compiler, milliseconds, newCompiler, parameter, type Query, timeParameter } from './compiler.ts';
import { all, selectorSql } from './conditions.ts';
import { eventNames, scopeSql, selectEvents } from './source.ts';
import type { Reading } from './tables.ts';

/** Periods after the cohort's own in which a user was back, and the own one. */
const EVERY = 'arrayConcat(if(at_once, [toInt64(0)], []), arrayMap(x -> x - bucket, later))';
/** The last of these. */
const LAST = 'if(empty(later), if(at_once, [toInt64(0)], []), [arrayMax(later) - bucket])';

/**
 * Counts per cohort (bucket from 1) and period: rows are those of `RetentionRow` but for the cohort's number.
 * One pass: what each user did in each bucket, then from each bucket a look ahead over the periods.
 */
export function retentionStatement(question: RetentionQuestion, reading: Reading, buckets: readonly number[]): Query {
  const { mode, cohort, periods, minimumCount } = question;
  const compiler = newCompiler(reading);
  const often = parameter(compiler, minimumCount, 'UInt64');
  const ahead = parameter(compiler, periods, 'UInt64');
  const firstTime = cohort === 'firstTime';
  const first = firstTime ? ',\n      minIf(bucket, starts > 0) OVER (PARTITION BY user_key) AS first' : '';
  const sql = `SELECT cohort, period, count() AS users
FROM (
  SELECT bucket AS cohort, arrayJoin(arrayConcat([toInt64(-1)], ${mode === 'on' ? EVERY : LAST})) AS period
  FROM (
    SELECT bucket, starts, groupArrayIf(bucket, returns >= ${often}) OVER ahead AS later,
      length(latest) >= ${often} AND -latest[${often}] >= started AS at_once${first}
    FROM (
${inBuckets(compiler, question, { buckets, often })})
    WINDOW ahead AS (PARTITION BY user_key ORDER BY bucket RANGE BETWEEN 1 FOLLOWING AND ${ahead} FOLLOWING))
  WHERE starts > 0 AND bucket > 0${firstTime ? ' AND bucket = first' : ''})
GROUP BY cohort, period`;
  return { sql, params: compiler.params };
}

/**
 * Per user and bucket: start events and the time of the first, return events and the times of the last ones (negative, so
 * that the smallest are the latest). Bucket 0 = before the range: asked for where a user's first start event ever counts.
 */
function inBuckets(
  compiler: Compiler,
  question: RetentionQuestion,
  { buckets, often }: { readonly buckets: readonly number[]; readonly often: string },
): string {
  const { from, to, projectId } = question;
  const names = eventNames(compiler);
  const since = timeParameter(compiler, from);
  const ever = question.cohort === 'firstTime';
  const start = all(selectorSql(names, question.start));
  const back = all([...(ever ? [`e.timestamp >= ${since}`] : []), ...selectorSql(names, question.return)]);
  const bucket = bucketIndexSql(compiler, buckets, 'e.timestamp');
  const time = milliseconds('e.timestamp');
  return selectEvents(compiler, {
    columns: [
      'e.user_key AS user_key',
      `${ever ? `if(e.timestamp < ${since}, 0, ${bucket})` : bucket} AS bucket`,
      `countIf(${start}) AS starts`,
      `minIf(${time}, ${start}) AS started`,
      `countIf(${back}) AS returns`,
      `groupArraySortedIf(${often})(-${time}, ${back}) AS latest`,
    ],
    conditions: [
      ...scopeSql(names, question),
      ...(ever ? [] : [`e.timestamp >= ${since}`]),
      `e.timestamp < ${timeParameter(compiler, to)}`,
      `((${start}) OR (${back}))`,
    ],
    scope: { projectId, from: ever ? null : from, to },
    tail: 'GROUP BY user_key, bucket',
  });
}
