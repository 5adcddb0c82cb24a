import {
  createQueryEngine,
  findWith,
  outOfTime,
  type Finders,
  type Findings,
  type QueryEngine,
} from '@productgraph/domain-query';
import { answerFunnel, answerFunnelUsers } from './funnel.ts';
import { answerCatalogue, answerEvents, answerUsers } from './lists.ts';
import { answerRetention } from './retention.ts';
import { projectRows, type MemoryQuerySource, type ProjectRows } from './rows.ts';
import { answerSessionMetrics, answerSessions } from './sessions.ts';
import { answerTrend } from './trend.ts';

const finders: Finders<ProjectRows, Findings> = {
  trend: answerTrend,
  funnel: answerFunnel,
  funnelUsers: answerFunnelUsers,
  retention: answerRetention,
  events: answerEvents,
  users: answerUsers,
  sessions: answerSessions,
  sessionMetrics: answerSessionMetrics,
  catalogue: answerCatalogue,
};

/**
 * Questions answered by looking at every row, in the plainest way: the fake of tests and the oracle of the other
 * engines. Run time grows with rows times buckets; the budget of time is looked at when all is done.
 */
export function createMemoryQueryEngine(source: MemoryQuerySource): QueryEngine {
  return createQueryEngine({
    now: () => performance.now(),
    settledUpTo: (projectId) => source.settledUpTo(projectId),
    find: async ({ question, projectId, options }) => {
      const began = performance.now();
      const findings = findWith(finders, question, projectRows(source, options.orgId, projectId));
      options.signal?.throwIfAborted();
      if (Math.round(performance.now() - began) > options.budget.timeMs) throw outOfTime(options.budget);
      return findings;
    },
  });
}
