import type pg from 'pg';
import { syntheticBodies } from '../harness/events.ts';
import { closedLoop, prepareRequest } from '../harness/http-load.ts';
import { ownerClient, startBenchStarter } from '../harness/starter.ts';
import { shuffle, spread } from '../harness/stats.ts';
import type { StageResult } from '../report.ts';

/*
 * B14: the same query, once as the owner with an explicit predicate and once as the application's role under row-level security. The owner's
 * policy is the constant true, which the planner drops.
 */

const EVENTS = 200_000;
const BATCH = 500;

const QUERY = `SELECT type, count(*) AS n, count(DISTINCT user_key) AS users FROM events
  WHERE project_id = $1 AND "timestamp" >= now() - interval '1 day' GROUP BY type`;

interface Reader {
  readonly name: 'owner' | 'app';
  /** Milliseconds of one run. */
  read(): Promise<number>;
}

async function timed(client: pg.Client, query: pg.QueryConfig): Promise<number> {
  const began = performance.now();
  await client.query(query);
  return performance.now() - began;
}

/** Time of one question in both roles, transaction and settings included, in random order; per-round ratios. */
export async function rlsStage(rounds: number): Promise<StageResult[]> {
  const starter = await startBenchStarter();
  const client = await ownerClient(starter);
  try {
    const headers = { 'X-PG-API-Key': starter.writeKey, 'Content-Type': 'application/json' };
    const bodies = syntheticBodies({ bodies: EVENTS / BATCH, batch: BATCH, users: 5_000, at: Date.now() });
    const requests = bodies.map((body) => prepareRequest({ path: '/v1/events', headers, body, events: BATCH }));
    await closedLoop({ port: starter.port, requests, connections: 4, seconds: null });
    for (let n = 0; n < EVENTS;) {
      const { rows } = await client.query<{ n: string }>('SELECT coalesce(sum(stored), 0) AS n FROM ledger_minutes');
      n = Number(rows[0]?.n);
    }
    await client.query('ANALYZE events');
    const org = await client.query<{ org_id: string }>('SELECT org_id FROM projects WHERE id = $1', [
      starter.projectId,
    ]);
    const orgId = org.rows[0]?.org_id ?? '';
    const inTransaction = async (begin: string, query: pg.QueryConfig): Promise<number> => {
      await client.query(begin);
      const took = await timed(client, query);
      await client.query('COMMIT');
      return took;
    };
    const readers: Reader[] = [
      {
        name: 'owner',
        read: () =>
          inTransaction('BEGIN', {
            text: QUERY.replace('WHERE', 'WHERE org_id = $2 AND'),
            values: [starter.projectId, orgId],
          }),
      },
      {
        name: 'app',
        read: () =>
          inTransaction(
            `BEGIN; SET LOCAL ROLE productgraph_app; SET LOCAL app.org_id = '${orgId}'; SET LOCAL app.project_id = '${starter.projectId}'`,
            { text: QUERY, values: [starter.projectId] },
          ),
      },
    ];
    return [await compareReaders(readers, rounds)];
  } finally {
    await client.end();
    await starter.stop();
  }
}

async function compareReaders(readers: readonly Reader[], rounds: number): Promise<StageResult> {
  for (const reader of readers) await reader.read();
  const samples: Record<Reader['name'], number>[] = [];
  for (let round = 0; round < rounds; round++) {
    const sample = { owner: 0, app: 0 };
    for (const reader of shuffle([...readers])) sample[reader.name] = await reader.read();
    samples.push(sample);
  }
  const ratio = spread(samples.map(({ app, owner }) => app / owner));
  return {
    stage: 'B14',
    what: `row-level security, one aggregate over ${String(EVENTS)} events`,
    figure: ratio.median,
    unit: '× owner',
    range: `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    floor: `${spread(samples.map(({ owner }) => owner)).median.toFixed(0)} ms`,
    candidate: `${spread(samples.map(({ app }) => app)).median.toFixed(0)} ms`,
    target: '≤ 1.05',
    met: ratio.median <= 1.05,
    samples,
  };
}
