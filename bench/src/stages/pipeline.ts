import { setTimeout as sleep } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { syntheticBodies } from '../harness/events.ts';
import { closedLoop, prepareRequest, type PreparedRequest } from '../harness/http-load.ts';
import { ownerClient, startBenchStarter, type BenchStarter } from '../harness/starter.ts';
import { spread } from '../harness/stats.ts';
import { cpuMicros, processTree } from '../harness/system.ts';
import type { StageResult } from '../report.ts';

/*
 * B13: acknowledged, written and sessions built, against COPY of the very same rows into a table with the same columns and indexes, as
 * its owner, on the same server in the same round.
 */

/** A run of ten seconds: consumers gather for a second, which is their latency and not their speed. */
const EVENTS = 300_000;
const BATCH = 100;
const USERS = 5_000;

function requests(starter: BenchStarter): PreparedRequest[] {
  const bodies = syntheticBodies({ bodies: EVENTS / BATCH, batch: BATCH, users: USERS, at: Date.now() });
  const headers = { 'X-PG-API-Key': starter.writeKey, 'Content-Type': 'application/json' };
  return bodies.map((body) => prepareRequest({ path: '/v1/events', headers, body, events: BATCH }));
}

/** Records whose effects are not durable yet, over all partitions and both processors. */
async function behind(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`
    SELECT coalesce(sum(h.next - done.next), 0) AS n FROM log_head h JOIN (
      SELECT topic, generation, partition, next FROM state_partitions
      UNION ALL SELECT topic, generation, log_partition, next FROM writer_heads
    ) done USING (topic, generation, partition)`);
  return Number(rows[0]?.n);
}

async function storedEvents(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: string }>('SELECT coalesce(sum(stored), 0) AS n FROM ledger_minutes');
  return Number(rows[0]?.n);
}

interface Run {
  readonly seconds: number;
  readonly cpuMicros: number;
}

async function candidate(starter: BenchStarter, client: pg.Client): Promise<Run> {
  const before = await storedEvents(client);
  const load = requests(starter);
  const cpu = totalCpu(starter);
  const began = performance.now();
  const answer = await closedLoop({ port: starter.port, requests: load, connections: 16, seconds: null });
  if (answer.statuses['202'] !== load.length)
    throw new Error(`Answers: ${JSON.stringify(answer.statuses)}: the run is void`);
  while ((await storedEvents(client)) - before < EVENTS || (await behind(client)) > 0) await sleep(20);
  const seconds = (performance.now() - began) / 1000;
  const stored = (await storedEvents(client)) - before;
  if (stored !== EVENTS) throw new Error(`${String(stored)} of ${String(EVENTS)} events stored: the run is void`);
  return { seconds, cpuMicros: totalCpu(starter) - cpu };
}

const totalCpu = (starter: BenchStarter): number =>
  processTree(starter.pid).reduce((sum, pid) => sum + cpuMicros(pid), 0);

/** The last EVENTS rows as COPY text, held in memory. */
async function rowsAsCopy(client: pg.Client): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const query = `COPY (SELECT * FROM events ORDER BY received_at DESC LIMIT ${String(EVENTS)}) TO STDOUT`;
  await pipeline(client.query(copyTo(query)), sink);
  return chunks;
}

async function makeFloorTable(client: pg.Client): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS bench_floor (LIKE events INCLUDING ALL)`);
}

async function floor(client: pg.Client, rows: readonly Buffer[]): Promise<Run> {
  const began = performance.now();
  await pipeline(Readable.from(rows), client.query(copyFrom('COPY bench_floor FROM STDIN')));
  return { seconds: (performance.now() - began) / 1000, cpuMicros: 0 };
}

/** Rows per second end to end over rows per second of COPY, per round. */
export async function pipelineStage(rounds: number): Promise<StageResult[]> {
  const starter = await startBenchStarter();
  const client = await ownerClient(starter);
  try {
    await makeFloorTable(client);
    await candidate(starter, client);
    const pairs: { candidate: Run; floor: Run }[] = [];
    for (let round = 0; round < rounds; round++) {
      const run = await candidate(starter, client);
      pairs.push({ candidate: run, floor: await floor(client, await rowsAsCopy(client)) });
    }
    return [result(pairs)];
  } finally {
    await client.end();
    await starter.stop();
  }
}

function result(pairs: readonly { candidate: Run; floor: Run }[]): StageResult {
  const ratio = spread(pairs.map(({ candidate: c, floor: f }) => f.seconds / c.seconds));
  const rate = spread(pairs.map(({ candidate: c }) => EVENTS / c.seconds));
  const copyRate = spread(pairs.map(({ floor: f }) => EVENTS / f.seconds));
  const cpu = spread(pairs.map(({ candidate: c }) => c.cpuMicros / EVENTS));
  return {
    stage: 'B13',
    what: `HTTP → log → events and sessions in PostgreSQL, ${String(EVENTS)} events, batch ${String(BATCH)}`,
    figure: ratio.median,
    unit: 'of COPY',
    range: `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    floor: `${copyRate.median.toFixed(0)} rows/s`,
    candidate: `${rate.median.toFixed(0)} ev/s, ${cpu.median.toFixed(0)} µs CPU/ev`,
    target: '≥ 0.50 and ≥ 10,000 ev/s',
    met: ratio.median >= 0.5 && rate.median >= 10_000,
    samples: pairs,
  };
}
