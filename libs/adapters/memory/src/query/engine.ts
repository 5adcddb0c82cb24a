import {
  answerRows,
  type AnswerTo,
  assertQuestion,
  assertRows,
  type Findings,
  outOfTime,
  type Question,
  type QueryEngine,
  type QueryOptions,
} from '@productgraph/domain-query';
import { answerFunnel, answerFunnelUsers } from './funnel.ts';
import { answerCatalogue, answerEvents, answerUsers } from './lists.ts';
import { answerRetention } from './retention.ts';
import { projectRows, type MemoryQuerySource, type ProjectRows } from './rows.ts';
import { answerSessionMetrics, answerSessions } from './sessions.ts';
import { answerTrend } from './trend.ts';

/**
 * Questions answered by looking at every row, in the plainest way: the fake of tests and the oracle of the other
 * engines. Run time grows with rows times buckets; the budget of time is looked at when all is done.
 */
export function createMemoryQueryEngine(source: MemoryQuerySource): QueryEngine {
  return {
    run: async <Q extends Question>(question: Q, options: QueryOptions): Promise<AnswerTo<Q>> => {
      const began = performance.now();
      options.signal?.throwIfAborted();
      assertQuestion(question);
      const { projectId } = question.kind === 'funnelUsers' ? question.funnel : question;
      const answer = answerOf(question, projectRows(source, options.orgId, projectId));
      options.signal?.throwIfAborted();
      const tookMs = Math.round(performance.now() - began);
      if (tookMs > options.budget.timeMs) throw outOfTime(options.budget);
      assertRows(answerRows(answer), options.budget);
      const meta = { settledUpTo: source.settledUpTo(projectId), sampled: false, tookMs, cached: false };
      return { ...meta, ...answer } as unknown as AnswerTo<Q>;
    },
  };
}

function answerOf(question: Question, rows: ProjectRows): Findings {
  switch (question.kind) {
    case 'trend':
      return answerTrend(question, rows);
    case 'funnel':
      return answerFunnel(question, rows);
    case 'funnelUsers':
      return answerFunnelUsers(question, rows);
    case 'retention':
      return answerRetention(question, rows);
    case 'events':
      return answerEvents(question, rows);
    case 'users':
      return answerUsers(question, rows);
    case 'sessions':
      return answerSessions(question, rows);
    case 'sessionMetrics':
      return answerSessionMetrics(question, rows);
    case 'catalogue':
      return answerCatalogue(question, rows);
  }
}
