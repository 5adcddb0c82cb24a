import { type PoolClient, Query } from 'pg';
import {
  createQueryEngine,
  findWith,
  InvalidQuestion,
  outOfTime,
  QueryTooExpensive,
  type AskedQuestion,
  type Finders,
  type Findings,
  type Question,
  type QueryEngine,
  type QueryOptions,
} from '@productgraph/domain-query';
import { codeOf, isCancelled } from '../faults.ts';
import type { ReadPool } from '../read-pool.ts';
import type { Statement } from '../statement.ts';
import type { Asking } from './asking.ts';
import { askFunnel, askFunnelUsers } from './funnel.ts';
import { askCatalogue, askEvents, askUsers } from './lists.ts';
import { askRetention } from './retention.ts';
import { askSessionMetrics, askSessions } from './sessions.ts';
import { askTrend } from './trend.ts';

export interface PostgresQueryDeps {
  readonly reads: ReadPool;
  /** Answers about times before this are final (Unix ms); null = nothing is settled yet. */
  readonly settledUpTo: (projectId: string) => Promise<number | null>;
}

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

/** Questions answered by PostgreSQL, as `productgraph_app` and behind row-level security. */
export function createPostgresQueryEngine({ reads, settledUpTo }: PostgresQueryDeps): QueryEngine {
  return createQueryEngine({
    now: () => performance.now(),
    settledUpTo,
    find: (asked) => inBudget(reads, asked, (asking) => findWith(finders, asked.question, asking)),
  });
}

/** One transaction; the time budget bounds all of its statements together. */
async function inBudget(
  reads: ReadPool,
  asked: AskedQuestion,
  work: (asking: Asking) => Promise<Findings>,
): Promise<Findings> {
  const { question } = asked;
  const { orgId, budget, signal } = asked.options;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(outOfTime(budget)), budget.timeMs);
  try {
    return await reads.read(
      {
        role: 'app',
        orgId,
        projectId: asked.projectId,
        statementTimeoutMs: budget.timeMs,
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      },
      async (client) => {
        await client.query(settingsFor(question));
        return work(askingOf(client, asked.options));
      },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw translated(error, asked.options);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Aggregates of many users stay in memory instead of temporary files. Compiling expressions costs more than it gives for
 * questions of a second. The planner knows nothing of intermediate tables and takes them for one row each: nested loops
 * over all users of a project would be the end of it, and sorting them for a merge takes longer than hashing; for one user
 * both are right.
 */
function settingsFor(question: Question): string {
  const ofUser = 'userKey' in question && question.userKey !== null;
  const settings = `SET TRANSACTION READ ONLY; SET LOCAL work_mem = '32MB'; SET LOCAL jit = off`;
  return ofUser ? settings : `${settings}; SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off`;
}

const INVALID_REGULAR_EXPRESSION = '2201B';
const OUT_OF_MEMORY = '53200';
const PROGRAM_LIMIT = '54000';

function translated(error: unknown, { budget }: QueryOptions): unknown {
  if (isCancelled(error)) return outOfTime(budget);
  const code = codeOf(error);
  if (code === INVALID_REGULAR_EXPRESSION) return new InvalidQuestion(['filter: a regular expression is too complex']);
  if (code === OUT_OF_MEMORY || code === PROGRAM_LIMIT) {
    return new QueryTooExpensive('memory', 'The question needs more memory than there is: ask for a shorter range.');
  }
  return error;
}

function askingOf(client: PoolClient, options: QueryOptions): Asking {
  return {
    options,
    rows: async <Row>({ text, values }: Statement) => {
      const { rows } = await client.query(text, [...values]);
      return rows as Row[];
    },
    each: (statement, take) => eachRow(client, statement, take),
  };
}

/** A fault of `take` is thrown when the statement has ended: the connection must read it to its end. */
async function eachRow(client: PoolClient, { text, values }: Statement, take: (row: unknown) => void): Promise<void> {
  let fault: { readonly error: unknown } | undefined;
  await new Promise<void>((resolve, reject) => {
    const query = client.query(new Query(text, [...values]));
    query.on('row', (row: unknown) => {
      if (fault !== undefined) return;
      try {
        take(row);
      } catch (error) {
        fault = { error };
      }
    });
    query.on('end', () => resolve());
    query.on('error', reject);
  });
  if (fault !== undefined) throw fault.error;
}
