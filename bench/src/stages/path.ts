import { setTimeout as sleep } from 'node:timers/promises';
import { openLoop } from '../harness/http-load.ts';
import { median, quantile, spread } from '../harness/stats.ts';
import { stealShare, stealTicks } from '../harness/system.ts';
import * as tiers from '../harness/tier.ts';
import type { BenchTier } from '../harness/tier.ts';
import type { StageResult } from '../report.ts';

/*
 * B16: the whole path of Scale on one machine, one process of each app: HTTP → three brokers → event-writer → rows that both shards answer with,
 * sessions alongside. Speed in rounds of a closed loop; then freshness and memory at a fixed rate.
 */

const BATCH = 100;
const RATE = 5_000;
const OPEN_BATCH = 50;
const MB = 1024 * 1024;

interface Round {
  readonly eventsPerSecond: number;
  readonly cpuMicros: Readonly<Record<string, number>>;
  /** Of events and sessions. */
  readonly inserts: number;
}

/** @param seconds of the open loop */
export async function pathStage(rounds: number, events: number, seconds: number): Promise<StageResult[]> {
  const tier = await tiers.startTier(['ingestion', 'event-writer', 'session-processor']);
  try {
    await round(tier, events);
    const done: Round[] = [];
    for (let n = 0; n < rounds; n++) {
      const steal = stealTicks();
      const figures = await round(tier, events);
      if (stealShare(steal, stealTicks()) <= 0.1) done.push(figures);
    }
    if (done.length === 0) throw new Error('Every round was discarded: too much CPU is stolen by the host');
    return [speed(done, events), ...(await steady(tier, seconds))];
  } finally {
    await tier.stop();
  }
}

/** From the first request to the last row in both shards; CPU until sessions have caught up too. */
async function round(tier: BenchTier, events: number): Promise<Round> {
  await tiers.forgetEvents(tier);
  const requests = tiers.tierRequests(tier, { events, batch: BATCH });
  const cpu = tiers.cpuByKind(tier.stack);
  const inserts = await tiers.insertCount(tier);
  const began = performance.now();
  await tiers.sendAll(tier, requests);
  await tiers.waitStored(tier, events);
  const took = (performance.now() - began) / 1000;
  await sessionsCaughtUp(tier);
  const cpuMicros = tiers.cpuPerEvent(cpu, tiers.cpuByKind(tier.stack), events);
  await tiers.requireOnce(tier, events);
  return { eventsPerSecond: events / took, cpuMicros, inserts: (await tiers.insertCount(tier)) - inserts };
}

interface Ready {
  readonly parts: Readonly<Record<string, { readonly records?: number | null }>>;
}

/** Until the session-processor says that no record is left. @throws after two minutes */
async function sessionsCaughtUp({ stack }: BenchTier): Promise<void> {
  const url = `http://127.0.0.1:${String(stack.ports['session-processor-1'])}/ready`;
  for (const until = performance.now() + 120_000; ;) {
    const { parts } = (await (await fetch(url)).json()) as Ready;
    const records = Object.values(parts).flatMap((part) => (typeof part.records === 'number' ? [part.records] : []));
    if (records.length > 0 && records.every((n) => n === 0)) return;
    if (performance.now() > until) throw new Error(`Sessions do not catch up: ${JSON.stringify(parts)}`);
    await sleep(50);
  }
}

function speed(rounds: readonly Round[], events: number): StageResult {
  const rate = spread(rounds.map(({ eventsPerSecond }) => eventsPerSecond));
  const cpu = tiers.medianCpu(rounds.map(({ cpuMicros }) => cpuMicros));
  return {
    stage: 'B16',
    what: `HTTP → queryable in both shards, ${String(events)} events, batch ${String(BATCH)}`,
    figure: rate.median,
    unit: 'ev/s',
    range: `${rate.min.toFixed(0)}-${rate.max.toFixed(0)}`,
    floor: '-',
    candidate: `µs CPU/ev: ${tiers.describeCpu(cpu)}; ${median(rounds.map(({ inserts }) => inserts)).toFixed(0)} inserts`,
    target: '≥ 10,000 ev/s',
    met: rate.median >= 10_000,
    samples: rounds,
  };
}

/** A fixed rate for so many seconds: when each probe can be read, and the memory of each app. */
async function steady(tier: BenchTier, seconds: number): Promise<StageResult[]> {
  await tiers.forgetEvents(tier);
  const requests = tiers.tierRequests(tier, { events: RATE * seconds, batch: OPEN_BATCH, probes: true });
  const requestsPerSecond = RATE / OPEN_BATCH;
  const watch = watchProbes(tier);
  const memory = watchMemory(tier);
  const cpu = tiers.cpuByKind(tier.stack);
  const inserts = await tiers.insertCount(tier);
  const began = performance.now();
  const load = await openLoop({
    port: tier.ingestionPort, requests, connections: 16, requestsPerSecond, seconds,
  }); // prettier-ignore
  if (load.statuses['202'] !== requests.length)
    throw new Error(`Answers ${JSON.stringify(load.statuses)}: the run is void`);
  const seen = await watch.all(requests.length);
  const resident = memory.stop();
  const used = tiers.cpuPerEvent(cpu, tiers.cpuByKind(tier.stack), RATE * seconds);
  await tiers.requireOnce(tier, RATE * seconds);
  const ages = [...seen].map(([n, at]) => at - (began + (n * 1000) / requestsPerSecond));
  const taken = (await tiers.insertCount(tier)) - inserts;
  const text = `µs CPU/ev: ${tiers.describeCpu(used)}; ${String(taken)} inserts`;
  return [freshness(ages, load.latencies, { seconds, text }), ...Object.entries(resident).map(memoryOf)];
}

interface ProbeWatch {
  /** When each probe was first seen, by number; resolves when so many were. @throws when they do not come within a minute */
  all(probes: number): Promise<ReadonlyMap<number, number>>;
}

/** Milliseconds between questions for probes: so much older they may look. */
const PROBE_EVERY_MS = 100;

/** By the primary key, so that the question costs little beside what is measured. */
const probesOf = (projectId: string): string => `SELECT sequence FROM events_local
  WHERE project_id = '${projectId}' AND user_key >= 'u:probe-' AND user_key < 'u:probe.' FORMAT TSV`;

/** Asks both shards again and again for probes that it has not seen. */
function watchProbes({ shards, projects }: BenchTier): ProbeWatch {
  const seen = new Map<number, number>();
  let running = true;
  const watches = shards.map(async (shard, at) => {
    while (running) {
      const text = await shard.text(probesOf(projects[at]?.id ?? ''));
      const now = performance.now();
      for (const line of text.split('\n')) if (line !== '' && !seen.has(Number(line))) seen.set(Number(line), now);
      await sleep(PROBE_EVERY_MS);
    }
  });
  return {
    async all(probes) {
      const until = performance.now() + 60_000;
      while (seen.size < probes && performance.now() < until) await sleep(25);
      running = false;
      await Promise.all(watches);
      if (seen.size < probes) throw new Error(`${String(seen.size)} of ${String(probes)} probes came: the run is void`);
      return seen;
    },
  };
}

/** Resident memory of each app once a second. */
function watchMemory({ stack }: BenchTier): { stop(): Record<string, number[]> } {
  const samples: Record<string, number[]> = {};
  const timer = setInterval(() => {
    for (const [name, bytes] of Object.entries(tiers.appMemory(stack))) (samples[name] ??= []).push(bytes);
  }, 1000);
  return {
    stop: () => {
      clearInterval(timer);
      return samples;
    },
  };
}

function freshness(
  ages: readonly number[],
  latencies: readonly number[],
  { seconds, text }: { readonly seconds: number; readonly text: string },
): StageResult {
  const p99 = quantile(ages, 0.99);
  return {
    stage: 'B16',
    what: `freshness at ${String(RATE)} ev/s, batches of ${String(OPEN_BATCH)}, open loop, ${String(seconds)} s: p99`,
    figure: p99,
    unit: 'ms',
    range: `p50 ${median(ages).toFixed(0)}, max ${Math.max(...ages).toFixed(0)}; accepted p99 ${quantile(latencies, 0.99).toFixed(0)}`,
    floor: '-',
    candidate: text,
    target: '< 1,000 ms',
    met: p99 < 1_000,
    samples: { ages, latencies },
  };
}

function memoryOf([name, samples]: [string, number[]]): StageResult {
  const most = Math.max(...samples) / MB;
  return {
    stage: 'B16',
    what: `resident memory of ${name} at ${String(RATE)} ev/s, behind the rounds`,
    figure: most,
    unit: 'MB',
    range: `median ${(median(samples) / MB).toFixed(0)}`,
    floor: '-',
    candidate: '',
    target: '< 300 MB',
    met: most < 300,
    samples,
  };
}
