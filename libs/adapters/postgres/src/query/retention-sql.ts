import type { RetentionQuestion } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import { type Compiler, isoTime, newCompiler, parameter, timeParameter } from './compiler.ts';
import { selectorSql } from './conditions.ts';
import { eventsFrom, eventTables, rangeSql, scopeSql, withTables } from './source.ts';

/** Counts per cohort and period; rows are those of `RetentionRow`. */
export function retentionStatement(question: RetentionQuestion, buckets: readonly number[]): Statement {
  const { from, to, mode, projectId } = question;
  const compiler = newCompiler();
  const starts = parameter(compiler, buckets.map(isoTime), 'timestamptz[]');
  const scope = scopeSql(compiler, question);
  const since = question.cohort === 'firstTime' ? null : from;
  const parts: Parts = {
    starts,
    starting: [...scope, ...rangeSql(compiler, { from: since, to }), ...selectorSql(compiler, question.start)],
    returning: [...scope, ...rangeSql(compiler, question), ...selectorSql(compiler, question.return)],
    periods: parameter(compiler, question.periods, 'integer'),
    often: parameter(compiler, question.minimumCount, 'bigint'),
  };
  const pairs = question.cohort === 'firstTime' ? firstTime(compiler, parts, from) : recurring(compiler, parts);
  const returned =
    mode === 'on'
      ? 'SELECT cohort, period, user_key FROM pairs'
      : 'SELECT cohort, max(period) AS period, user_key FROM pairs GROUP BY cohort, user_key';
  const tables = [...eventTables(compiler, { projectId, from: since, to }), ...pairs];
  const text = `${withTables(tables)}SELECT cohort, -1 AS period, count(*) AS users FROM starts GROUP BY cohort
UNION ALL SELECT cohort, period, count(*) FROM (${returned}) r GROUP BY cohort, period`;
  return { text, values: compiler.values };
}

interface Parts {
  /** Starts of the buckets. */
  readonly starts: string;
  readonly starting: readonly string[];
  readonly returning: readonly string[];
  readonly periods: string;
  readonly often: string;
}

/**
 * `starts` (user, cohort, time of the start event) and `pairs` (user, cohort, period in which it was back often enough).
 * A user has one cohort: its return events are counted per period in one pass.
 */
function firstTime(compiler: Compiler, parts: Parts, from: number): string[] {
  const { starts, starting, returning, periods, often } = parts;
  const period = `width_bucket(e."timestamp", ${starts}) - 1 - c.cohort`;
  return [
    `starts AS MATERIALIZED (
  SELECT user_key, at, width_bucket(at, ${starts}) - 1 AS cohort
  FROM (SELECT e.user_key, min(e."timestamp") AS at
  ${eventsFrom(compiler, starting)}
  GROUP BY e.user_key HAVING min(e."timestamp") >= ${timeParameter(compiler, from)}) f)`,
    `pairs AS (
  SELECT c.cohort, ${period} AS period, c.user_key
  FROM (SELECT e.user_key, e."timestamp" ${eventsFrom(compiler, returning)}) e
  JOIN starts c ON c.user_key = e.user_key AND e."timestamp" >= c.at
  WHERE ${period} <= ${periods}
  GROUP BY c.cohort, ${period}, c.user_key HAVING count(*) >= ${often})`,
  ];
}

/** A user is in the cohort of every bucket with a start event: buckets are joined with buckets, only the own one by time. */
function recurring(compiler: Compiler, { starts, starting, returning, periods, often }: Parts): string[] {
  const bucket = `width_bucket(e."timestamp", ${starts}) - 1`;
  return [
    `starts AS MATERIALIZED (
  SELECT e.user_key, ${bucket} AS cohort, min(e."timestamp") AS at
  ${eventsFrom(compiler, starting)}
  GROUP BY e.user_key, ${bucket})`,
    `active AS MATERIALIZED (
  SELECT r.user_key, r.bucket, count(*) AS n, count(*) FILTER (WHERE r.at >= c.at) AS since_start
  FROM (SELECT e.user_key, e."timestamp" AS at, ${bucket} AS bucket ${eventsFrom(compiler, returning)}) r
  LEFT JOIN starts c ON c.user_key = r.user_key AND c.cohort = r.bucket
  GROUP BY r.user_key, r.bucket HAVING count(*) >= ${often})`,
    `pairs AS (
  SELECT c.cohort, a.bucket - c.cohort AS period, c.user_key
  FROM starts c JOIN active a ON a.user_key = c.user_key AND a.bucket > c.cohort AND a.bucket <= c.cohort + ${periods}
  UNION ALL SELECT a.bucket, 0, a.user_key FROM active a WHERE a.since_start >= ${often})`,
  ];
}
