import { EVENT_FLAGS } from '@productgraph/contracts';
import type { Scope } from '@productgraph/domain-query';
import { type Compiler, tenantSql, timeParameter } from './compiler.ts';
import { all, filterSql } from './conditions.ts';
import { type Names, ofEventSession } from './fields.ts';
import { type EventScope, SESSION_OF_EVENT, sessionCandidates, touching } from './sessions-source.ts';

/** Names in statements about events: `e` and the session around it. */
export function eventNames(compiler: Compiler): Names {
  return { compiler, session: ofEventSession };
}

/** The part of a scope that says which events are looked at; the range apart. */
export function scopeSql(names: Names, scope: Pick<Scope, 'projectId' | 'includeBots' | 'filter'>): string[] {
  return [
    tenantSql(names.compiler, 'e', scope.projectId),
    ...(scope.includeBots ? [] : [`bitAnd(e.flags, ${EVENT_FLAGS.bot}) = 0`]),
    ...(scope.filter === null ? [] : [`(${filterSql(names, scope.filter)})`]),
  ];
}

/** From ≤ time < to. */
export function rangeSql({ compiler }: Names, range: { from: number; to: number }): string[] {
  return [
    `e.timestamp >= ${timeParameter(compiler, range.from)}`,
    `e.timestamp < ${timeParameter(compiler, range.to)}`,
  ];
}

/** Total order of events. */
export const EVENT_ORDER = '(e.timestamp, e.sequence, e.event_id)';

export interface EventSelect {
  readonly columns: readonly string[];
  readonly conditions: readonly string[];
  /** Whose events: bounds the sessions that are looked at where the statement needs them. */
  readonly scope: EventScope;
  /** What follows WHERE. */
  readonly tail?: string;
}

/**
 * SELECT over events (alias `e`), each of them once: FINAL leaves out rows that merges have not removed yet. Where columns or
 * conditions ask for the session around an event it is the tuple `s`. To be written when all else is compiled.
 */
export function selectEvents(compiler: Compiler, { columns, conditions, scope, tail }: EventSelect): string {
  const join = compiler.joinsSessions
    ? `\n  GLOBAL ASOF LEFT JOIN ${sessionCandidates(compiler, touching(compiler, scope))} AS u
  ON u.user_key = e.user_key AND e.timestamp >= u.started_at`
    : '';
  return `${compiler.joinsSessions ? `WITH ${SESSION_OF_EVENT} AS s\n` : ''}SELECT ${columns.join(', ')}
  FROM ${compiler.reading.events} AS e FINAL${join}
  WHERE ${all(conditions)}${tail === undefined ? '' : `\n${tail}`}`;
}
