import {
  bucketStarts,
  CURSOR_SHAPES,
  decodeCursor,
  encodeCursor,
  newestFirst,
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
  const rows: MergedSession[] = [];
  for (const range of rangesOf(question)) {
    rows.push(...(await asking.rows<MergedSession>(sessionsStatement({ ...question, ...range }, asking.reading))));
    if (rows.length > question.page.first) break;
  }
  return pageOf(rows, question.page, ({ part, ...session }) => ({
    cursor: encodeCursor([session.start, session.sessionId, part]),
    session,
  }));
}

/** Sessions go by their start: those of a later part of the range come before all others. A user's are few: no need to cut. */
function rangesOf({ from, to, userKey, page }: SessionsQuestion): Iterable<{ from: number; to: number }> {
  const after = page.after === null ? null : decodeCursor(page.after, CURSOR_SHAPES.sessions);
  const end = after === null ? to : Math.min(to, Number(after[0]) + 1);
  if (end <= from) return [];
  return userKey === null ? newestFirst({ from, to: end }) : [{ from, to: end }];
}

/** First which values the groups have, where there are to be groups, then all sums at once. */
export async function askSessionMetrics(
  question: SessionMetricsQuestion,
  asking: Asking,
): Promise<Pick<SessionMetricsAnswer, 'total' | 'buckets' | 'groups' | 'durations'>> {
  const { reading } = asking;
  const buckets = bucketStarts(question);
  const keys = await keysOf(question, asking);
  const rows = await asking.rows<MetricsRow>(sessionMetricsStatement(question, { reading, buckets, keys }));
  return sessionMetricsAnswer(question, buckets, rows.map((row) => toPart(row, keys ?? []))); // prettier-ignore
}

async function keysOf(
  { breakdown, ...question }: SessionMetricsQuestion,
  asking: Asking,
): Promise<(string | null)[] | null> {
  if (breakdown === null) return null;
  const { reading } = asking;
  const rows = await asking.rows<{ key: string | null }>(
    sessionRanksStatement({ ...question, breakdown }, reading, breakdown.field),
  );
  return rows.map(({ key }) => key);
}

function toPart({ bucket, line, bar, ...sums }: MetricsRow, keys: readonly (string | null)[]): SessionMetricsRow {
  if (bucket > 0) return { part: 'bucket', at: bucket, key: null, ...sums };
  if (line > 0) return { part: 'group', at: line - 1, key: keys[line - 2] ?? null, ...sums };
  return { part: bar > 0 ? 'duration' : 'total', at: Math.max(0, bar - 1), key: null, ...sums };
}
