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
import { shardOf } from '../event-store/routing.ts';
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
   * The event store's `spread`: projects whose rows are spread over shards by user, and all that ever were. Then every other project
   * is asked for on its own shard alone. Absent = not known: every question goes over all shards.
   */
  readonly spread?: readonly string[];
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

interface Place {
  readonly nodes: readonly ClickHouseNode[];
  readonly reading: Reading;
}

/** Where a project's rows are read: on the servers of its shard, or over all shards on any server. */
function placeOf({ clickhouse, spread }: ClickHouseQueryDeps, projectId: string, orgId: string): Place {
  const { shards } = clickhouse;
  if (spread === undefined || spread.includes(projectId)) return { nodes: shards.flat(), reading: ofAllShards(orgId) };
  const shard = shardOf({ shards: shards.length, spread: new Set() }, projectId, '');
  return { nodes: shards[shard] ?? [], reading: ofOwnShard(orgId) };
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
