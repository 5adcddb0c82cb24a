import { fieldNamed, type Measure, type TrendPlan, type TrendQuestion } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import { type Compiler, isoTime, newCompiler, parameter } from './compiler.ts';
import { selectorSql } from './conditions.ts';
import { amountOf, textOf } from './fields.ts';
import { EVENT_SESSION, eventsFrom, eventTables, rangeSql, scopeSql, withTables } from './source.ts';
import { bodyOf, type Rank } from './trend-bodies.ts';

/** One series over one range; rows are those of `TrendRow`. */
export function trendStatement(plan: TrendPlan): Statement {
  const compiler = newCompiler();
  const { question, series } = plan;
  const hits = hitsSql(compiler, plan);
  const keys = keyNames(question);
  const ranks = ranksSql(compiler, plan, keys);
  const body = bodyOf(compiler, { measure: series.measure, cumulative: question.cumulative, keys });
  const lined =
    keys.length === 0
      ? `lined AS (SELECT 1 AS line, c.* FROM ${body.cells} c)`
      : `lined AS (
  SELECT coalesce(r.line, 0) AS line, c.* FROM ${body.cells} c
  LEFT JOIN ranks r ON ARRAY[${of('r', keys)}] = ARRAY[${of('c', keys)}])`;
  const tables = [...eventTables(compiler, question), hits, ...body.before, ...ranks(body.rank), lined, ...body.after];
  const limit = `LIMIT ${parameter(compiler, plan.rows, 'bigint')}`;
  return { text: `${withTables(tables)}${body.select}${namesSql(keys)}\n${limit}`, values: compiler.values };
}

const of = (table: string, columns: readonly string[]): string =>
  columns.map((column) => `${table}.${column}`).join(', ');

/** Rows with the breakdown values of each line. */
function namesSql(keys: readonly string[]): string {
  if (keys.length === 0) return '';
  return `\nUNION ALL SELECT line, -1, NULL, NULL, to_json(ARRAY[${keys.join(', ')}])::text FROM ranks`;
}

/** Columns of the breakdown values: k1, k2, k3. */
function keyNames({ breakdowns }: TrendQuestion): string[] {
  return breakdowns.map((_, i) => `k${i + 1}`);
}

/** The events that count, each with its breakdown values, its bucket, and what is counted. */
function hitsSql(compiler: Compiler, { question, series, buckets }: TrendPlan): string {
  const { measure } = series;
  if (measure.kind === 'sessions') compiler.joinsSessions = true;
  const conditions = [
    ...scopeSql(compiler, question),
    ...rangeSql(compiler, question),
    ...selectorSql(compiler, series.event),
    ...(measure.kind === 'sessions' ? [`${EVENT_SESSION} IS NOT NULL`] : []),
  ];
  const starts = parameter(compiler, buckets.map(isoTime), 'timestamptz[]');
  const values = question.breakdowns.map(({ field }) => textOf(compiler, fieldNamed(field)));
  const amount = 'field' in measure ? amountOf(compiler, fieldNamed(measure.field)) : null;
  const columns = [
    `width_bucket(e."timestamp", ${starts}) AS bucket`,
    ...values.map((value, i) => `${value} AS k${i + 1}`),
    ...actorColumn(measure),
    ...(amount === null ? [] : [`${amount.value} AS amount`]),
  ];
  const select = `SELECT ${columns.join(', ')}
  ${eventsFrom(compiler, conditions)}`;
  if (amount?.number === undefined) return `hits AS (\n  ${select})`;
  const kept = ['bucket', ...keyNames(question), `${amount.number('amount')} AS amount`];
  return `hits AS (
  SELECT ${kept.join(', ')} FROM (
  ${select} OFFSET 0) t)`;
}

function actorColumn({ kind }: Measure): string[] {
  if (kind === 'sessions') return [`${EVENT_SESSION} AS actor`];
  return kind === 'uniqueUsers' || kind === 'perUser' ? ['e.user_key AS actor'] : [];
}

/** `ranks`: the breakdown values of each line. Empty without breakdowns. */
function ranksSql(
  compiler: Compiler,
  { question, keys }: TrendPlan,
  names: readonly string[],
): (rank: Rank) => string[] {
  if (names.length === 0) return () => [];
  if (keys !== null) {
    const wanted = parameter(compiler, JSON.stringify(keys), 'jsonb');
    const columns = names.map((name, i) => `(k.value ->> ${i}) COLLATE "C" AS ${name}`);
    return () => [
      `ranks AS (
  SELECT ${columns.join(', ')}, k.line::integer
  FROM jsonb_array_elements(${wanted}) WITH ORDINALITY AS k (value, line))`,
    ];
  }
  const limit = parameter(compiler, question.breakdownLimit, 'bigint');
  const list = names.join(', ');
  return ({ from, value }) => [
    `ranks AS (
  SELECT ${list}, row_number() OVER (ORDER BY ${value} DESC NULLS LAST, ${list})::integer AS line
  FROM ${from} GROUP BY ${list} ORDER BY line LIMIT ${limit})`,
  ];
}
