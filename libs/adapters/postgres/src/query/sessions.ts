import {
  bucketStarts,
  encodeCursor,
  fieldOf,
  ratio,
  SESSION_DURATION_BOUNDS,
  type MergedSession,
  type SessionMetrics,
  type SessionMetricsAnswer,
  type SessionMetricsQuestion,
  type SessionsAnswer,
  type SessionsQuestion,
} from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { pageOf } from './pages.ts';
import { type SessionMetricsRow, sessionMetricsStatement, sessionsStatement } from './sessions-sql.ts';

export async function askSessions(
  question: SessionsQuestion,
  asking: Asking,
): Promise<Pick<SessionsAnswer, 'items' | 'pageInfo'>> {
  const rows = await asking.rows<MergedSession>(sessionsStatement(question));
  return pageOf(rows, question.page, ({ part, ...session }) => ({
    cursor: encodeCursor([session.start, session.sessionId, part]),
    session,
  }));
}

export async function askSessionMetrics(
  question: SessionMetricsQuestion,
  asking: Asking,
): Promise<Pick<SessionMetricsAnswer, 'total' | 'buckets' | 'groups' | 'durations'>> {
  const starts = bucketStarts(question);
  const rows = await asking.rows<SessionMetricsRow>(sessionMetricsStatement(question, starts));
  const of = (part: SessionMetricsRow['part'], at: number): SessionMetricsRow | undefined =>
    rows.find((row) => row.part === part && row.at === at);
  const byBucket = new Map(rows.filter(({ part }) => part === 'bucket').map((row) => [row.at, row]));
  return {
    total: metricsOf(of('total', 0)),
    buckets: starts.map((start, i) => ({ start, metrics: metricsOf(byBucket.get(i + 1)) })),
    groups: groupsOf(question, rows),
    durations: [...SESSION_DURATION_BOUNDS, null].map((upToMs, i) => ({
      upToMs,
      count: of('duration', i)?.sessions ?? 0,
    })),
  };
}

function groupsOf(
  question: SessionMetricsQuestion,
  rows: readonly SessionMetricsRow[],
): SessionMetricsAnswer['groups'] {
  const last = (line: number): number => (line === 0 ? Infinity : line);
  const isNumber = fieldOf(question.breakdown?.field ?? '')?.type === 'number';
  const spelled = (key: string | null): string | null => (isNumber && key !== null ? String(Number(key)) : key);
  return rows
    .filter(({ part }) => part === 'group')
    .sort((a, b) => last(a.at) - last(b.at))
    .map((row) => ({
      breakdown: row.at === 0 ? null : spelled(row.key),
      other: row.at === 0,
      metrics: metricsOf(row),
    }));
}

const NO_SESSIONS = { sessions: 0, users: null, bounces: null, pages: null, events: null, average: null, median: null };

/** Sums over nothing are null in SQL and 0 here. */
const orZero = (sum: number | null): number => sum ?? 0;

function metricsOf(row: SessionMetricsRow | undefined): SessionMetrics {
  const { sessions, users, bounces, pages, events, average, median } = row ?? NO_SESSIONS;
  return {
    sessions,
    users: orZero(users),
    bounceRate: ratio(orZero(bounces), sessions),
    averageDurationMs: average,
    medianDurationMs: median,
    pagesPerSession: ratio(orZero(pages), sessions),
    eventsPerSession: ratio(orZero(events), sessions),
  };
}
