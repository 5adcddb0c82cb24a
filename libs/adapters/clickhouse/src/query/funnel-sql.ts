import {
  fieldNamed,
  type EventSelector,
  type FunnelActor,
  type FunnelEvent,
  type FunnelQuestion,
} from '@productgraph/domain-query';
import { milliseconds, newCompiler, parameter, type Query } from './compiler.ts';
import { all, selectorSql } from './conditions.ts';
import { type Names, textOf } from './fields.ts';
import { EVENT_SESSION, EVENT_SESSION_ID } from './sessions-source.ts';
import { eventNames, rangeSql, scopeSql, selectEvents } from './source.ts';
import type { Reading } from './tables.ts';

/** One actor with its qualifying events in total order: one value per event in each list, none where it is not asked. */
export interface FunnelRow {
  readonly userKey: string;
  /** Milliseconds since the start of the range. */
  readonly at: readonly number[];
  readonly steps: readonly number[];
  readonly exclusions: readonly number[];
  readonly ordinals: readonly number[];
  readonly held: readonly (string | null)[];
  readonly value: readonly (string | null)[];
}

/**
 * Events that fulfil a step or an exclusion, gathered per actor; actors that cannot enter are left out.
 * What the steps amount to is decided by the fold of the domain, alike for every store.
 */
export function funnelStatement(question: FunnelQuestion, reading: Reading): Query {
  const compiler = newCompiler(reading);
  const names = eventNames(compiler);
  const ofSession = question.per === 'session';
  if (ofSession) compiler.joinsSessions = true;
  const steps = conditionsOf(names, question.steps);
  const exclusions = conditionsOf(names, question.exclusions);
  const scope = [...scopeSql(names, question), ...rangeSql(names, question)];
  if (ofSession) scope.push(`isNotNull(${EVENT_SESSION_ID})`);
  const strict = question.order === 'strict';
  const values = valuesOf(names, question, { steps, exclusions });
  const events = selectEvents(compiler, {
    columns: [
      `${ofSession ? EVENT_SESSION : 'e.user_key'} AS actor`,
      `arraySort(x -> (x.1, x.2, x.3), groupArray((e.timestamp, e.sequence, e.event_id, ${values.join(', ')}))) AS list`,
    ],
    conditions: strict ? scope : [...scope, '(steps != 0 OR exclusions != 0)'],
    scope: question,
    tail: `GROUP BY actor HAVING countIf(bitAnd(steps, ${question.order === 'any' ? '-1' : '1'}) != 0) > 0`,
  });
  const asked = [
    true,
    true,
    exclusions.length > 0,
    strict,
    question.holdConstant !== null,
    question.breakdown !== null,
  ];
  const columns = LISTS.map(({ name, list }, i) => `${asked[i] === true ? list : '[]'} AS ${name}`);
  const user = ofSession ? 'arrayFirst(x -> x.5 != 0, list).9' : 'actor';
  const sql = `SELECT ${user} AS userKey,
  ${columns.join(',\n  ')}
FROM (${strict ? numbered(events) : `SELECT actor, list, [] AS ordinals FROM (${events})`})`;
  return { sql, params: compiler.params };
}

const listOf = (element: number): string => `arrayMap(x -> x.${element}, list)`;

/** The columns of {@link FunnelRow} after the user. */
const LISTS = [
  { name: 'at', list: listOf(4) },
  { name: 'steps', list: listOf(5) },
  { name: 'exclusions', list: listOf(6) },
  { name: 'ordinals', list: 'ordinals' },
  { name: 'held', list: listOf(7) },
  { name: 'value', list: listOf(8) },
] as const;

/** All of an actor's events are numbered, then those that fulfil no step are left out. */
function numbered(events: string): string {
  return `
  SELECT actor, arrayFilter(x -> x.5 != 0, every) AS list, arrayFilter((i, x) -> x.5 != 0, arrayEnumerate(every), every) AS ordinals
  FROM (SELECT actor, list AS every FROM (${events}))`;
}

function conditionsOf(names: Names, list: readonly { readonly event: EventSelector }[]): string[] {
  return list.map(({ event }) => all(selectorSql(names, event)));
}

/** What is kept of an event behind its order: elements 4 to 9 of a tuple. */
function valuesOf(
  names: Names,
  question: FunnelQuestion,
  { steps, exclusions }: { readonly steps: readonly string[]; readonly exclusions: readonly string[] },
): string[] {
  const { holdConstant, breakdown, from } = question;
  const since = parameter(names.compiler, from, 'Int64');
  return [
    `${milliseconds('e.timestamp')} - ${since}`,
    `${maskOf(steps)} AS steps`,
    `${maskOf(exclusions)} AS exclusions`,
    holdConstant === null ? 'NULL' : textOf(names, fieldNamed(holdConstant)),
    breakdown === null ? 'NULL' : textOf(names, fieldNamed(breakdown.field)),
    'e.user_key',
  ];
}

/** Bit i is set where condition i holds. */
function maskOf(conditions: readonly string[]): string {
  if (conditions.length === 0) return 'toInt32(0)';
  return `toInt32(${conditions.map((condition, i) => `if(${condition}, ${1 << i}, 0)`).join(' + ')})`;
}

/** The actor of a row. */
export function actorOf(row: FunnelRow, question: FunnelQuestion): FunnelActor {
  const events = row.at.map((at, i): FunnelEvent => ({
    at: question.from + at,
    steps: row.steps[i] ?? 0,
    exclusions: row.exclusions[i] ?? 0,
    ordinal: row.ordinals[i] ?? 0,
    held: row.held[i] ?? null,
    value: row.value[i] ?? null,
  }));
  return { userKey: row.userKey, events };
}
