import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shuffle, spread } from '../harness/stats.ts';
import { stealShare, stealTicks } from '../harness/system.ts';
import * as tiers from '../harness/tier.ts';
import type { BenchTier } from '../harness/tier.ts';
import type { StageResult } from '../report.ts';

/*
 * B4: the event-writer, started over topics that are filled, against rows of the same events inserted from a file by one thread, into a table
 * of the same columns, keys and projection on the same shards. Its first third is warm-up: a process that runs for days is asked.
 */

const WRITER = 'event-writer-1';
const BATCH = 100;
const FORMATS = ['JSONEachRow', 'RowBinary'] as const;
type Format = (typeof FORMATS)[number];

interface Candidate {
  readonly rowsPerSecond: number;
  readonly cpuMicros: Readonly<Record<string, number>>;
}
type Floor = Readonly<Record<Format, { readonly rowsPerSecond: number; readonly cpuMicros: number }>>;
type Round = Candidate & { readonly floor: Floor };

/** Ratio of rows per second, and CPU by process. */
export async function storeStage(rounds: number, events: number): Promise<StageResult[]> {
  const tier = await tiers.startTier(['ingestion', 'event-writer']);
  const folder = mkdtempSync(join(tmpdir(), 'productgraph-bench-'));
  try {
    const file = (shard: number, format: Format): string => join(folder, `${String(shard)}.${format}`);
    await candidate(tier, events);
    for (const [at, shard] of tier.shards.entries()) {
      await shard.text('CREATE TABLE events_floor AS events_local');
      for (const format of FORMATS) await shard.toFile(`SELECT * FROM events_local FORMAT ${format}`, file(at, format));
    }
    const done: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const run = await measured(tier, events, file);
      if (run !== null) done.push(run);
    }
    if (done.length === 0) throw new Error('Every round was discarded: too much CPU is stolen by the host');
    return [result(done, 'JSONEachRow', events), result(done, 'RowBinary', events)];
  } finally {
    await tier.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type FileOf = (shard: number, format: Format) => string;

async function measured(tier: BenchTier, events: number, file: FileOf): Promise<Round | null> {
  const steal = stealTicks();
  const legs: Partial<{ candidate: Candidate; floor: Floor }> = {};
  for (const leg of shuffle(['candidate', 'floor'] as const)) {
    if (leg === 'candidate') legs.candidate = await candidate(tier, events);
    else legs.floor = await floor(tier, events, file);
  }
  if (legs.candidate === undefined || legs.floor === undefined) return null;
  return stealShare(steal, stealTicks()) > 0.1 ? null : { ...legs.candidate, floor: legs.floor };
}

/** Fills the log while the writer is away, starts it, and times what it does behind the first third. */
async function candidate(tier: BenchTier, events: number): Promise<Candidate> {
  await tier.stack.stop(WRITER);
  await tiers.forgetEvents(tier);
  await tiers.sendAll(tier, tiers.tierRequests(tier, { events, batch: BATCH }));
  const starting = tier.stack.start(WRITER);
  const marks: { at: number; rows: number; cpu: Record<string, number> }[] = [];
  await tiers.waitStored(tier, events, (rows) => {
    if (rows >= events / 3 && marks.length === 0)
      marks.push({ at: performance.now(), rows, cpu: tiers.cpuByKind(tier.stack) });
  });
  const [ended, cpu] = [performance.now(), tiers.cpuByKind(tier.stack)];
  await starting;
  await tiers.requireOnce(tier, events);
  const [begun] = marks;
  if (begun === undefined) throw new Error('All events came at once: take more');
  const { at, rows, cpu: before } = begun;
  const judged = events - rows;
  return { rowsPerSecond: (judged * 1000) / (ended - at), cpuMicros: tiers.cpuPerEvent(before, cpu, judged) };
}

/** One shard after the other, from the files of the warm-up's rows. */
async function floor(tier: BenchTier, events: number, file: FileOf): Promise<Floor> {
  const of = async (format: Format): Promise<Floor[Format]> => {
    const before = tiers.cpuByKind(tier.stack);
    const began = performance.now();
    for (const [at, shard] of tier.shards.entries())
      await shard.fromFile(`INSERT INTO events_floor FORMAT ${format}`, file(at, format));
    const seconds = (performance.now() - began) / 1000;
    const used = tiers.cpuPerEvent(before, tiers.cpuByKind(tier.stack), events);
    const counts = await Promise.all(tier.shards.map((shard) => shard.number('SELECT count() FROM events_floor')));
    if (counts.reduce((sum, count) => sum + count, 0) !== events) throw new Error('The floor lost rows: void');
    await Promise.all(tier.shards.map((shard) => shard.text('TRUNCATE TABLE events_floor SYNC')));
    return { rowsPerSecond: events / seconds, cpuMicros: used.clickhouse ?? Number.NaN };
  };
  return { JSONEachRow: await of('JSONEachRow'), RowBinary: await of('RowBinary') };
}

function result(rounds: readonly Round[], format: Format, events: number): StageResult {
  const ratio = spread(rounds.map(({ rowsPerSecond, floor: f }) => rowsPerSecond / f[format].rowsPerSecond));
  const rate = spread(rounds.map(({ rowsPerSecond }) => rowsPerSecond));
  const floorRate = spread(rounds.map(({ floor: f }) => f[format].rowsPerSecond));
  const floorCpu = spread(rounds.map(({ floor: f }) => f[format].cpuMicros));
  const judged = format === 'JSONEachRow';
  return {
    stage: 'B4',
    what: `Kafka → ClickHouse, ${String(events)} events, against ${format} from a file`,
    figure: ratio.median,
    unit: 'of the insert',
    range: `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    floor: `${floorRate.median.toFixed(0)} rows/s, ${floorCpu.median.toFixed(1)} µs CPU/row`,
    candidate: `${rate.median.toFixed(0)} rows/s; µs CPU/ev: ${tiers.describeCpu(tiers.medianCpu(rounds.map(({ cpuMicros }) => cpuMicros)))}`,
    target: judged ? '≥ 0.60' : null,
    met: judged ? ratio.median >= 0.6 : null,
    samples: rounds,
  };
}
