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
import type { ClickHouse, ClickHouseNode } from '../client/connection.ts';
import { shardOf, type Routing } from '../event-store/routing.ts';
import type { Asking } from './asking.ts';
import { withinBudget } from './budget.ts';
import { askFunnel, askFunnelUsers } from './funnel.ts';
import { askCatalogue, askEvents, askUsers } from './lists.ts';
import { askRetention } from './retention.ts';
import { askSessionMetrics, askSessions } from './sessions.ts';
import { ofAllShards, ofOwnShard, type Reading } from './tables.ts';
import { askTrend } from './trend.ts';

export interface ClickHouseQueryDeps {
  /** Connections for questions. */
  readonly clickhouse: ClickHouse;
  /** Answers about times before this are final (Unix ms); null = nothing is settled yet. */
  readonly settledUpTo: (projectId: string) => Promise<number | null>;
  /**
   * How rows were spread over shards. Then a project that lies on one shard is asked for there alone; one that was ever spread
   * must stay among the spread ones. Absent = not known: every question goes over all shards.
   */
  readonly routing?: Routing;
  /** Memory that one question may take on each server, bytes. Default 4 GiB. */
  readonly memoryBytes?: number;
}

const GIB = 1024 ** 3;

/** Questions answered by ClickHouse, over all shards. Every table of a statement is cut to the organisation and the project. */
export function createClickHouseQueryEngine(deps: ClickHouseQueryDeps): QueryEngine {
  const { memoryBytes = 4 * GIB } = deps;
  return {
    run: async <Q extends Question>(question: Q, options: QueryOptions): Promise<AnswerTo<Q>> => {
      const began = performance.now();
      options.signal?.throwIfAborted();
      assertQuestion(question);
      const { projectId } = question.kind === 'funnelUsers' ? question.funnel : question;
      const [settledUpTo, findings] = await Promise.all([
        deps.settledUpTo(projectId),
        withinBudget({ ...placeOf(deps, projectId, options.orgId), memoryBytes, options }, (asking) =>
          ask(question, asking),
        ),
      ]);
      assertRows(answerRows(findings), options.budget);
      const meta = { settledUpTo, sampled: false, tookMs: Math.round(performance.now() - began), cached: false };
      return { ...meta, ...findings } as unknown as AnswerTo<Q>;
    },
  };
}

/** Where a project's rows are read: on the servers of its shard, or over all shards on any server. */
function placeOf(
  { clickhouse, routing }: ClickHouseQueryDeps,
  projectId: string,
  orgId: string,
): { readonly nodes: readonly ClickHouseNode[]; readonly reading: Reading } {
  if (routing === undefined || routing.spread.has(projectId)) {
    return { nodes: clickhouse.shards.flat(), reading: ofAllShards(orgId) };
  }
  return { nodes: clickhouse.shards[shardOf(routing, projectId, '')] ?? [], reading: ofOwnShard(orgId) };
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
