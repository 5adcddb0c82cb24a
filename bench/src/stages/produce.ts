import { Kafka, logLevel } from 'kafkajs';
import { startServer, type ServerProcess } from '../harness/child.ts';
import { closedLoop, type PreparedRequest } from '../harness/http-load.ts';
import { shuffle, spread } from '../harness/stats.ts';
import { stealShare, stealTicks } from '../harness/system.ts';
import * as tiers from '../harness/tier.ts';
import type { BenchTier } from '../harness/tier.ts';
import type { StageResult } from '../report.ts';

/*
 * B3, B3b: ingestion over HTTP at batch 100 until three brokers have acknowledged, against a loop of the same client that only sends: packed
 * records, compressed as they go, and one record per event. Judged by the CPU of the process that sends.
 */

const TOPIC = 'bench.raw';
const PARTITIONS = 24;
const SECONDS = 3;

interface Leg {
  readonly cpuMicros: number;
  readonly eventsPerSecond: number;
}
type FloorName = 'packed' | 'single';
const names = ['packed', 'single', 'ingestion'] as const;
type LegName = (typeof names)[number];
type Round = Readonly<Record<LegName, Leg>> & { readonly servers: Readonly<Record<string, number>> };

export async function produceStage(rounds: number): Promise<StageResult[]> {
  const tier = await tiers.startTier(['ingestion']);
  try {
    await makeTopic(tier.brokers);
    const floor = await startServer('produce', ['produce.ts', tier.brokers.join(','), TOPIC, String(PARTITIONS)]);
    try {
      return await compare({ tier, floor, rounds });
    } finally {
      await floor.stop();
    }
  } finally {
    await tier.stop();
  }
}

async function makeTopic(brokers: readonly string[]): Promise<void> {
  const admin = new Kafka({ clientId: 'bench', brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
  await admin.createTopics({
    topics: [{ topic: TOPIC, numPartitions: PARTITIONS, replicationFactor: 3, configEntries }],
  });
  await admin.disconnect();
}

type Legs = Readonly<Record<LegName, () => Promise<Leg>>>;

interface Sides {
  readonly tier: BenchTier;
  readonly floor: ServerProcess;
  readonly rounds: number;
}

async function compare({ tier, floor, rounds }: Sides): Promise<StageResult[]> {
  const requests = tiers.tierRequests(tier, { events: 200_000, batch: 100 });
  const legs: Legs = {
    packed: () => send(floor, 'packed'),
    single: () => send(floor, 'single'),
    ingestion: () => ingest(tier, requests),
  };
  for (const name of names) await legs[name]();
  const done: Round[] = [];
  for (let n = 0; n < rounds; n++) {
    const steal = stealTicks();
    const figures = await round(tier, legs);
    if (stealShare(steal, stealTicks()) <= 0.1) done.push(figures);
  }
  if (done.length === 0) throw new Error('Every round was discarded: too much CPU is stolen by the host');
  return [result(done, 'packed'), result(done, 'single')];
}

/** All legs in random order. */
async function round(tier: BenchTier, legs: Legs): Promise<Round> {
  const figures: Partial<Record<LegName, Leg>> = {};
  let servers: Record<string, number> = {};
  for (const name of shuffle([...names])) {
    const before = tiers.cpuByKind(tier.stack);
    const leg = (figures[name] = await legs[name]());
    const after = tiers.cpuByKind(tier.stack);
    if (name === 'ingestion') servers = tiers.cpuPerEvent(before, after, leg.eventsPerSecond * SECONDS);
  }
  return { ...(figures as Record<LegName, Leg>), servers };
}

/** @throws when a send failed */
async function send({ port }: ServerProcess, kind: FloorName): Promise<Leg> {
  const response = await fetch(`http://127.0.0.1:${String(port)}/${kind}?seconds=${String(SECONDS)}`);
  if (!response.ok) throw new Error(`The floor failed: ${await response.text()}`);
  const { events, seconds, cpuMicros } = (await response.json()) as Record<'events' | 'seconds' | 'cpuMicros', number>;
  return { cpuMicros: cpuMicros / events, eventsPerSecond: events / seconds };
}

/** Ids come again after 2,000 requests; ingestion leaves that to the processors. */
async function ingest(tier: BenchTier, requests: readonly PreparedRequest[]): Promise<Leg> {
  const before = tiers.cpuByKind(tier.stack).ingestion ?? 0;
  const load = await closedLoop({ port: tier.ingestionPort, requests, connections: 16, seconds: SECONDS });
  const used = (tiers.cpuByKind(tier.stack).ingestion ?? 0) - before;
  if (load.statuses['202'] !== load.requests)
    throw new Error(`Answers ${JSON.stringify(load.statuses)}: the run is void`);
  return { cpuMicros: used / load.events, eventsPerSecond: load.events / load.seconds };
}

function result(rounds: readonly Round[], floor: FloorName): StageResult {
  const ratio = spread(rounds.map((round) => round[floor].cpuMicros / round.ingestion.cpuMicros));
  const figures = (name: LegName): string => {
    const cpu = spread(rounds.map((round) => round[name].cpuMicros)).median;
    return `${cpu.toFixed(1)} µs/ev, ${spread(rounds.map((round) => round[name].eventsPerSecond)).median.toFixed(0)} ev/s`;
  };
  const target = floor === 'packed' ? 0.4 : 1.3;
  return {
    stage: floor === 'packed' ? 'B3' : 'B3b',
    what: `HTTP → acknowledged by 3 brokers, batch 100, against ${floor === 'packed' ? 'packed records' : 'a record per event'}`,
    figure: ratio.median,
    unit: 'CPU ratio',
    range: `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    floor: figures(floor),
    candidate: `${figures('ingestion')}; µs CPU/ev: ${tiers.describeCpu(tiers.medianCpu(rounds.map(({ servers }) => servers)))}`,
    target: `≥ ${target.toFixed(2)}`,
    met: ratio.median >= target,
    samples: rounds,
  };
}
