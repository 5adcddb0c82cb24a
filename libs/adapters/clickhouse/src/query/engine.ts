import {
  answerRows,
  type AnswerTo,
  assertQuestion,
  assertRows,
  type Findings,
  type Question,
  type QueryEngine,
  type QueryOptions,
} from '@productgraph/domain-query';
import type { ClickHouse } from '../client/connection.ts';
import type { Asking } from './asking.ts';
import { withinBudget } from './budget.ts';
import { askFunnel, askFunnelUsers } from './funnel.ts';
import { askCatalogue, askEvents, askUsers } from './lists.ts';
import { askRetention } from './retention.ts';
import { askSessionMetrics, askSessions } from './sessions.ts';
import { askTrend } from './trend.ts';

export interface ClickHouseQueryDeps {
  /** Connections for questions. */
  readonly clickhouse: ClickHouse;
  /** Answers about times before this are final (Unix ms); null = nothing is settled yet. */
  readonly settledUpTo: (projectId: string) => Promise<number | null>;
  /** Memory that one question may take on each server, bytes. Default 4 GiB. */
  readonly memoryBytes?: number;
}

const GIB = 1024 ** 3;

/** Questions answered by ClickHouse, over all shards. Every table of a statement is cut to the organisation and the project. */
export function createClickHouseQueryEngine(deps: ClickHouseQueryDeps): QueryEngine {
  const { clickhouse, memoryBytes = 4 * GIB } = deps;
  return {
    run: async <Q extends Question>(question: Q, options: QueryOptions): Promise<AnswerTo<Q>> => {
      const began = performance.now();
      options.signal?.throwIfAborted();
      assertQuestion(question);
      const { projectId } = question.kind === 'funnelUsers' ? question.funnel : question;
      const [settledUpTo, findings] = await Promise.all([
        deps.settledUpTo(projectId),
        withinBudget({ clickhouse, memoryBytes, options }, (asking) => ask(question, asking)),
      ]);
      assertRows(answerRows(findings), options.budget);
      const meta = { settledUpTo, sampled: false, tookMs: Math.round(performance.now() - began), cached: false };
      return { ...meta, ...findings } as unknown as AnswerTo<Q>;
    },
  };
}

function ask(question: Question, asking: Asking): Promise<Findings> {
  switch (question.kind) {
    case 'trend':
      return askTrend(question, asking);
    case 'funnel':
      return askFunnel(question, asking);
    case 'funnelUsers':
      return askFunnelUsers(question, asking);
    case 'retention':
      return askRetention(question, asking);
    case 'events':
      return askEvents(question, asking);
    case 'users':
      return askUsers(question, asking);
    case 'sessions':
      return askSessions(question, asking);
    case 'sessionMetrics':
      return askSessionMetrics(question, asking);
    case 'catalogue':
      return askCatalogue(question, asking);
  }
}
