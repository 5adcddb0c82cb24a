import {
  average,
  bucketIndex,
  bucketStarts,
  compareNullable,
  CURSOR_SHAPES,
  histogram,
  quantile,
  ratio,
  readsEvents,
  SESSION_DURATION_BOUNDS,
  type MergedSession,
  type Scope,
  type SessionMetrics,
  type SessionMetricsAnswer,
  type SessionMetricsQuestion,
  type SessionsAnswer,
  type SessionsQuestion,
} from '@productgraph/domain-query';
import { matches, textOf } from './filters.ts';
import { newestFirst, pageOf } from './lists.ts';
import { sessionKey, type ProjectRows } from './rows.ts';

export function answerSessions(
  question: SessionsQuestion,
  rows: ProjectRows,
): Pick<SessionsAnswer, 'items' | 'pageInfo'> {
  const compare = newestFirst(1);
  const key = (session: MergedSession) => [session.start, session.sessionId, session.part] as const;
  const sessions = sessionsInScope(rows, question)
    .filter(({ userKeys }) => question.userKey === null || userKeys.includes(question.userKey))
    .sort((a, b) => compare(key(a), key(b)));
  const page = pageOf(sessions, question.page, { key, shape: CURSOR_SHAPES.sessions, compare });
  const items = page.items.map(({ cursor, item: { part: _, ...session } }) => ({ cursor, session }));
  return { ...page, items };
}

/** Sessions that start in the range. A filter that asks for fields of events holds when it does for one of its events. */
function sessionsInScope(rows: ProjectRows, scope: Scope): MergedSession[] {
  const asksEvents = scope.filter !== null && readsEvents(scope.filter);
  return rows.sessions
    .filter(({ start, isBot }) => start >= scope.from && start < scope.to && (scope.includeBots || !isBot))
    .filter((session) => {
      if (!asksEvents) return matches(scope.filter, { event: null, session });
      const own = rows.events.filter((row) => row.session !== null && sessionKey(row.session) === sessionKey(session));
      return own.some((row) => matches(scope.filter, row));
    });
}

export function answerSessionMetrics(
  question: SessionMetricsQuestion,
  rows: ProjectRows,
): Pick<SessionMetricsAnswer, 'total' | 'buckets' | 'groups' | 'durations'> {
  const sessions = sessionsInScope(rows, question);
  const starts = bucketStarts(question);
  const buckets = Map.groupBy(sessions, ({ start }) => bucketIndex(starts, start));
  return {
    total: metricsOf(sessions),
    buckets: starts.map((start, i) => ({ start, metrics: metricsOf(buckets.get(i) ?? []) })),
    groups: groupsOf(question, sessions),
    durations: histogram(
      sessions.map(({ durationMs }) => durationMs),
      SESSION_DURATION_BOUNDS,
    ),
  };
}

function groupsOf(
  question: SessionMetricsQuestion,
  sessions: readonly MergedSession[],
): SessionMetricsAnswer['groups'] {
  const { breakdown, breakdownLimit } = question;
  if (breakdown === null) return [];
  const groups = [...Map.groupBy(sessions, (session) => textOf(breakdown.field, { event: null, session }))];
  groups.sort(([a, own], [b, others]) => others.length - own.length || compareNullable(a, b));
  const kept = groups.slice(0, breakdownLimit).map(([value, own]) => ({
    breakdown: value,
    other: false,
    metrics: metricsOf(own),
  }));
  const rest = groups.slice(breakdownLimit).flatMap(([, own]) => own);
  return rest.length === 0 ? kept : [...kept, { breakdown: null, other: true, metrics: metricsOf(rest) }];
}

function metricsOf(sessions: readonly MergedSession[]): SessionMetrics {
  const count = sessions.length;
  const durations = sessions.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const sum = (column: 'pageViews' | 'events'): number =>
    sessions.reduce((total, session) => total + session[column], 0);
  return {
    sessions: count,
    users: new Set(sessions.flatMap(({ userKeys }) => userKeys)).size,
    bounceRate: ratio(sessions.filter(({ isBounce }) => isBounce).length, count),
    averageDurationMs: average(durations),
    medianDurationMs: quantile(durations, 0.5),
    pagesPerSession: ratio(sum('pageViews'), count),
    eventsPerSession: ratio(sum('events'), count),
  };
}
