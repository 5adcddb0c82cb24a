import {
  bucketStarts,
  encodeCursor,
  pageOf,
  sessionMetricsAnswer,
  type MergedSession,
  type SessionMetricsAnswer,
  type SessionMetricsQuestion,
  type SessionMetricsRow,
  type SessionsAnswer,
  type SessionsQuestion,
} from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { sessionMetricsStatement, sessionsStatement } from './sessions-sql.ts';

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
  return sessionMetricsAnswer(question, starts, rows);
}
