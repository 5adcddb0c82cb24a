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
import { type MetricsRow, sessionMetricsStatement, sessionRanksStatement, sessionsStatement } from './sessions-sql.ts';

export async function askSessions(
  question: SessionsQuestion,
  asking: Asking,
): Promise<Pick<SessionsAnswer, 'items' | 'pageInfo'>> {
  const rows = await asking.rows<MergedSession>(sessionsStatement(question, asking.options.orgId));
  return pageOf(rows, question.page, ({ part, ...session }) => ({
    cursor: encodeCursor([session.start, session.sessionId, part]),
    session,
  }));
}

/** First which values the groups have, where there are to be groups, then all sums at once. */
export async function askSessionMetrics(
  question: SessionMetricsQuestion,
  asking: Asking,
): Promise<Pick<SessionMetricsAnswer, 'total' | 'buckets' | 'groups' | 'durations'>> {
  const { orgId } = asking.options;
  const buckets = bucketStarts(question);
  const keys = await keysOf(question, asking);
  const rows = await asking.rows<MetricsRow>(sessionMetricsStatement(question, { orgId, buckets, keys }));
  return sessionMetricsAnswer(question, buckets, rows.map((row) => toPart(row, keys ?? []))); // prettier-ignore
}

async function keysOf(
  { breakdown, ...question }: SessionMetricsQuestion,
  asking: Asking,
): Promise<(string | null)[] | null> {
  if (breakdown === null) return null;
  const { orgId } = asking.options;
  const rows = await asking.rows<{ key: string | null }>(
    sessionRanksStatement({ ...question, breakdown }, orgId, breakdown.field),
  );
  return rows.map(({ key }) => key);
}

function toPart({ bucket, line, bar, ...sums }: MetricsRow, keys: readonly (string | null)[]): SessionMetricsRow {
  if (bucket > 0) return { part: 'bucket', at: bucket, key: null, ...sums };
  if (line > 0) return { part: 'group', at: line - 1, key: keys[line - 2] ?? null, ...sums };
  return { part: bar > 0 ? 'duration' : 'total', at: Math.max(0, bar - 1), key: null, ...sums };
}
