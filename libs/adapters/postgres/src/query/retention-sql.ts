import type { RetentionQuestion } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import { isoTime, newCompiler, parameter, timeParameter } from './compiler.ts';
import { selectorSql } from './conditions.ts';
import { eventsFrom, eventTables, rangeSql, scopeSql, withTables } from './source.ts';

/** `period` −1 = size of the cohort. With onOrAfter, users by the last period in which they were back. */
export interface RetentionRow {
  readonly cohort: number;
  readonly period: number;
  readonly users: number;
}

/** Counts per cohort (bucket from 0) and period. */
export function retentionStatement(question: RetentionQuestion, buckets: readonly number[]): Statement {
  const { from, to, cohort, periods, minimumCount, mode } = question;
  const compiler = newCompiler();
  const firstTime = cohort === 'firstTime';
  const starts = parameter(compiler, buckets.map(isoTime), 'timestamptz[]');
  const scope = scopeSql(compiler, question);
  const startRange = rangeSql(compiler, { from: firstTime ? null : from, to });
  const startConditions = [...scope, ...startRange, ...selectorSql(compiler, question.start)];
  const returnConditions = [...scope, ...rangeSql(compiler, question), ...selectorSql(compiler, question.return)];
  const last = parameter(compiler, periods, 'integer');
  const often = parameter(compiler, minimumCount, 'bigint');
  const entries = firstTime
    ? `SELECT e.user_key, min(e."timestamp") AS at
  ${eventsFrom(compiler, startConditions)}
  GROUP BY e.user_key HAVING min(e."timestamp") >= ${timeParameter(compiler, from)}`
    : `SELECT e.user_key, min(e."timestamp") AS at
  ${eventsFrom(compiler, startConditions)}
  GROUP BY e.user_key, width_bucket(e."timestamp", ${starts})`;
  const period = mode === 'on' ? 'period' : 'max(period)';
  const returned = `SELECT cohort, ${period} AS period, user_key FROM pairs GROUP BY cohort, user_key${mode === 'on' ? ', period' : ''}`;
  const tables = [
    ...eventTables(compiler, { projectId: question.projectId, from: firstTime ? null : from, to }),
    `entries AS (
  ${entries})`,
    `starts AS MATERIALIZED (SELECT user_key, at, width_bucket(at, ${starts}) - 1 AS cohort FROM entries)`,
    `returns AS MATERIALIZED (
  SELECT e.user_key, e."timestamp" AS at, width_bucket(e."timestamp", ${starts}) - 1 AS bucket
  ${eventsFrom(compiler, returnConditions)})`,
    `active AS (SELECT user_key, bucket FROM returns GROUP BY user_key, bucket HAVING count(*) >= ${often})`,
    `pairs AS (
  SELECT s.cohort, a.bucket - s.cohort AS period, s.user_key
  FROM starts s JOIN active a ON a.user_key = s.user_key AND a.bucket > s.cohort AND a.bucket <= s.cohort + ${last}
  UNION ALL
  SELECT s.cohort, 0, s.user_key
  FROM starts s JOIN returns r ON r.user_key = s.user_key AND r.bucket = s.cohort AND r.at >= s.at
  GROUP BY s.cohort, s.user_key HAVING count(*) >= ${often})`,
  ];
  const text = `${withTables(tables)}SELECT cohort, -1 AS period, count(*) AS users FROM starts GROUP BY cohort
UNION ALL SELECT cohort, period, count(*) FROM (${returned}) r GROUP BY cohort, period`;
  return { text, values: compiler.values };
}
