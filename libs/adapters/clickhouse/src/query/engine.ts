import { createQueryEngine, findWith, type Finders, type Findings, type QueryEngine } from '@productgraph/domain-query';
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

const finders: Finders<Asking, Promise<Findings>> = {
  trend: askTrend,
  funnel: askFunnel,
  funnelUsers: askFunnelUsers,
  retention: askRetention,
  events: askEvents,
  users: askUsers,
  sessions: askSessions,
  sessionMetrics: askSessionMetrics,
  catalogue: askCatalogue,
};

/** Questions answered by ClickHouse, over all shards. Every table of a statement is cut to the organisation and the project. */
export function createClickHouseQueryEngine(deps: ClickHouseQueryDeps): QueryEngine {
  const { settledUpTo, memoryBytes = 4 * GIB } = deps;
  return createQueryEngine({
    now: () => performance.now(),
    settledUpTo,
    find: ({ question, projectId, options }) =>
      withinBudget({ ...placeOf(deps, projectId, options.orgId), memoryBytes, options }, (asking) =>
        findWith(finders, question, asking),
      ),
  });
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
