import type { SessionMetrics, SessionMetricsAnswer } from './answers.ts';
import type { SessionMetricsQuestion } from './questions.ts';
import { spelledValue } from './spelling.ts';
import { ratio, SESSION_DURATION_BOUNDS } from './statistics.ts';

/**
 * What a store sums up for a part of the answer: total, bucket (`at` = its number from 1), group (`at` = line, 0 = other),
 * duration (`at` = bar from 0, only `sessions` is asked).
 */
export interface SessionMetricsRow {
  readonly part: 'total' | 'bucket' | 'group' | 'duration';
  readonly at: number;
  /** Value of the breakdown of a group. */
  readonly key: string | null;
  readonly sessions: number;
  readonly users: number | null;
  readonly bounces: number | null;
  /** Of the durations, ms. */
  readonly average: number | null;
  readonly median: number | null;
  readonly pages: number | null;
  readonly events: number | null;
}

/** The answer to a question from what a store summed up; what has no row is empty. */
export function sessionMetricsAnswer(
  question: SessionMetricsQuestion,
  starts: readonly number[],
  rows: readonly SessionMetricsRow[],
): Pick<SessionMetricsAnswer, 'total' | 'buckets' | 'groups' | 'durations'> {
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
  return rows
    .filter(({ part }) => part === 'group')
    .sort((a, b) => last(a.at) - last(b.at))
    .map((row) => ({
      breakdown: row.at === 0 ? null : spelledValue(question.breakdown?.field, row.key),
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
