import { setTimeout as sleep } from 'node:timers/promises';
import { syntheticBodies } from '../harness/events.ts';
import { openLoop, prepareRequest } from '../harness/http-load.ts';
import { startBenchStarter, type BenchStarter } from '../harness/starter.ts';
import { median, quantile } from '../harness/stats.ts';
import { residentBytes } from '../harness/system.ts';
import type { StageResult } from '../report.ts';

/* B15: start-up, resident memory idle and under 1,000 events/s for `minutes`, and latency of ingest at that rate (open loop). */

const RATE = 1_000;
const BATCH = 10;
const MB = 1024 * 1024;
/** Part of the run that is warm-up: caches, dedupe windows and the JIT fill. Of 15 minutes 10 are judged. */
const WARM_UP = 1 / 3;

export async function stabilityStage(minutes: number): Promise<StageResult[]> {
  const first = await startBenchStarter();
  const starter = await first.restart();
  try {
    await sleep(5_000);
    const idle = residentBytes(starter.pid);
    const memory: number[] = [];
    const timer = setInterval(() => memory.push(residentBytes(starter.pid)), 1000);
    const load = await openLoop({
      port: starter.port,
      requests: requestsFor(starter),
      connections: 16,
      requestsPerSecond: RATE / BATCH,
      seconds: minutes * 60,
    });
    clearInterval(timer);
    if (load.statuses['202'] !== load.requests)
      throw new Error(`Answers ${JSON.stringify(load.statuses)}: the run is void`);
    return [startUp(first, starter), idleMemory(idle), loadedMemory(memory, minutes), latency(load.latencies, minutes)];
  } finally {
    await starter.stop();
  }
}

/** Ids repeat only after far more events than the dedupe window holds; users come anew all the time, six events each. */
function requestsFor(starter: BenchStarter): ReturnType<typeof prepareRequest>[] {
  const headers = { 'X-PG-API-Key': starter.writeKey, 'Content-Type': 'application/json' };
  const bodies = syntheticBodies({ bodies: 30_000, batch: BATCH, users: 100_000, at: Date.now() });
  return bodies.map((body) => prepareRequest({ path: '/v1/events', headers, body, events: BATCH }));
}

const plain = { range: '', floor: '-', candidate: '' };

function startUp(first: BenchStarter, second: BenchStarter): StageResult {
  return {
    ...plain,
    stage: 'B15',
    what: 'second start, built and with data, until ready',
    figure: second.readyMs / 1000,
    unit: 's',
    candidate: `first start ${(first.readyMs / 1000).toFixed(1)} s`,
    target: '< 10 s',
    met: second.readyMs < 10_000,
    samples: { first: first.readyMs, second: second.readyMs },
  };
}

function idleMemory(bytes: number): StageResult {
  return {
    ...plain,
    stage: 'B15',
    what: 'resident memory of Node, idle',
    figure: bytes / MB,
    unit: 'MB',
    target: '< 200 MB',
    met: bytes / MB < 200,
    samples: bytes,
  };
}

/** Least-squares slope over the samples behind the warm-up. */
function loadedMemory(samples: readonly number[], minutes: number): StageResult {
  const steady = samples.slice(Math.floor(samples.length * WARM_UP));
  const meanAt = (steady.length - 1) / 2;
  const mean = steady.reduce((sum, bytes) => sum + bytes, 0) / steady.length;
  const covariance = steady.reduce((sum, bytes, at) => sum + (at - meanAt) * (bytes - mean), 0);
  const variance = steady.reduce((sum, _, at) => sum + (at - meanAt) ** 2, 0);
  const slope = ((covariance / variance) * 60) / MB;
  return {
    ...plain,
    stage: 'B15',
    what: `resident memory at ${String(RATE)} ev/s for ${String(minutes)} min: slope behind the warm-up`,
    figure: slope,
    unit: 'MB/min',
    range: `${(Math.min(...steady) / MB).toFixed(0)}-${(Math.max(...steady) / MB).toFixed(0)} MB`,
    candidate: `median ${(median(steady) / MB).toFixed(0)} MB`,
    target: 'flat (< 1 MB/min)',
    met: slope < 1,
    samples,
  };
}

function latency(latencies: readonly number[], minutes: number): StageResult {
  const p99 = quantile(latencies, 0.99);
  return {
    ...plain,
    stage: 'B15',
    what: `ingest at ${String(RATE)} ev/s, batches of ${String(BATCH)}, open loop, ${String(minutes)} min: p99`,
    figure: p99,
    unit: 'ms',
    range: `p50 ${median(latencies).toFixed(1)}, p99.9 ${quantile(latencies, 0.999).toFixed(1)}`,
    target: '< 50 ms',
    met: p99 < 50,
    samples: [0.5, 0.9, 0.95, 0.99, 0.999, 1].map((q) => [q, quantile(latencies, q)]),
  };
}
