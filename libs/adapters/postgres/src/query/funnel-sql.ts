import {
  fieldNamed,
  type EventSelector,
  type FunnelActor,
  type FunnelEvent,
  type FunnelQuestion,
} from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import { type Compiler, newCompiler, timeParameter } from './compiler.ts';
import { all, selectorSql } from './conditions.ts';
import { textOf } from './fields.ts';
import { EVENT_ORDER, EVENT_SESSION, eventsFrom, eventTables, rangeSql, scopeSql, withTables } from './source.ts';

/** One actor with its qualifying events in total order; lists are joined by commas, `held` and `value` are JSON. */
export interface FunnelRow {
  readonly user_key: string;
  /** Milliseconds since the start of the range. */
  readonly at: string;
  readonly steps: string;
  readonly exclusions: string | null;
  readonly ordinals: string | null;
  readonly held: string | null;
  readonly value: string | null;
}

/**
 * Events that fulfil a step or an exclusion, gathered per actor; actors that cannot enter are left out.
 * What the steps amount to is decided by the fold of the domain, alike for every store.
 */
export function funnelStatement(question: FunnelQuestion): Statement {
  const compiler = newCompiler();
  if (question.per === 'session') compiler.joinsSessions = true;
  const steps = conditionsOf(compiler, question.steps);
  const exclusions = conditionsOf(compiler, question.exclusions);
  const scope = [...scopeSql(compiler, question), ...rangeSql(compiler, question)];
  if (question.per === 'session') scope.push(`${EVENT_SESSION} IS NOT NULL`);
  const columns = columnsOf(compiler, question, { steps, exclusions });
  const qualifying = [...steps, ...exclusions].map((condition) => `(${condition})`).join(' OR ');
  const strict = question.order === 'strict';
  const conditions = strict ? scope : [...scope, `(${qualifying})`];
  const tables = eventTables(compiler, question);
  const lists = LISTS.filter(({ column }) => column in columns);
  const absent = LISTS.filter(({ column }) => !(column in columns)).map(({ column }) => `NULL AS ${column}`);
  const text = `${withTables(tables)}SELECT ${question.per === 'user' ? 'q.actor' : FIRST_USER} AS user_key,
  ${[...lists.map(({ column, list }) => `${list} AS ${column}`), ...absent].join(',\n  ')}
FROM (
  SELECT ${Object.entries(columns)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(',\n    ')},
    ${EVENT_ORDER}
  ${eventsFrom(compiler, conditions)}) q${strict ? '\nWHERE q.steps <> 0' : ''}
GROUP BY q.actor HAVING bool_or(q.steps & ${question.order === 'any' ? '-1' : '1'} <> 0)`;
  return { text, values: compiler.values };
}

const ORDER = 'ORDER BY q."timestamp", q.sequence, q.event_id';
const FIRST_USER = `(array_agg(q.user_key ${ORDER}) FILTER (WHERE q.steps <> 0))[1]`;

const LISTS = [
  { column: 'at', list: `string_agg(q.at::text, ',' ${ORDER})` },
  { column: 'steps', list: `string_agg(q.steps::text, ',' ${ORDER})` },
  { column: 'exclusions', list: `string_agg(q.exclusions::text, ',' ${ORDER})` },
  { column: 'ordinals', list: `string_agg(q.ordinals::text, ',' ${ORDER})` },
  { column: 'held', list: `json_agg(q.held ${ORDER})::text` },
  { column: 'value', list: `json_agg(q.value ${ORDER})::text` },
] as const;

function conditionsOf(compiler: Compiler, list: readonly { readonly event: EventSelector }[]): string[] {
  return list.map(({ event }) => all(selectorSql(compiler, event)));
}

function columnsOf(
  compiler: Compiler,
  question: FunnelQuestion,
  { steps, exclusions }: { readonly steps: readonly string[]; readonly exclusions: readonly string[] },
): Record<string, string> {
  const { per, order, holdConstant, breakdown, from } = question;
  const actor = per === 'session' ? EVENT_SESSION : 'e.user_key';
  const since = timeParameter(compiler, from);
  return {
    actor,
    ...(per === 'session' ? { user_key: 'e.user_key' } : {}),
    at: `round(date_part('epoch', e."timestamp" - ${since}) * 1000)::bigint`,
    steps: maskOf(steps),
    ...(exclusions.length === 0 ? {} : { exclusions: maskOf(exclusions) }),
    ...(order === 'strict' ? { ordinals: `row_number() OVER (PARTITION BY ${actor} ORDER BY ${EVENT_ORDER})` } : {}),
    ...(holdConstant === null ? {} : { held: textOf(compiler, fieldNamed(holdConstant)) }),
    ...(breakdown === null ? {} : { value: textOf(compiler, fieldNamed(breakdown.field)) }),
  };
}

/** Bit i is set where condition i holds. */
function maskOf(conditions: readonly string[]): string {
  return conditions.map((condition, i) => `CASE WHEN ${condition} THEN ${1 << i} ELSE 0 END`).join(' | ');
}

/** The actor of a row. */
export function actorOf(row: FunnelRow, question: FunnelQuestion): FunnelActor {
  const [steps, exclusions, ordinals] = [row.steps, row.exclusions, row.ordinals].map((list) => list?.split(',') ?? []);
  const [held, values] = [row.held, row.value].map((list) =>
    list === null ? [] : (JSON.parse(list) as (string | null)[]),
  );
  const events = row.at.split(',').map((at, i): FunnelEvent => ({
    at: question.from + Number(at),
    steps: Number(steps?.[i]),
    exclusions: Number(exclusions?.[i] ?? 0),
    ordinal: Number(ordinals?.[i] ?? 0),
    held: held?.[i] ?? null,
    value: values?.[i] ?? null,
  }));
  return { userKey: row.user_key, events };
}
