import { gzipSync, zstdCompressSync } from 'node:zlib';
import { startServer } from '../harness/child.ts';
import { compare, type Comparison } from '../harness/compare.ts';
import { syntheticBodies } from '../harness/events.ts';
import { prepareRequest, type PreparedRequest } from '../harness/http-load.ts';
import type { StageResult } from '../report.ts';

/*
 * B1: HTTP accept (key, limits, validation, partition, envelope into records) up to where records are compressed for the log, against a
 * bare server that parses and drops. B2: the same with compressed bodies, the floor decompressing too. B1p: B1 with the compression of
 * records, into a log that drops; reported, since its share belongs to the way into the log (B13).
 */

interface Case {
  readonly stage: 'B1' | 'B1p' | 'B2';
  readonly batch: number;
  readonly encoding: 'gzip' | 'zstd' | null;
  /** Least ratio; null = reported only. */
  readonly target: number | null;
}

const CASES: readonly Case[] = [
  { stage: 'B1', batch: 1, encoding: null, target: 0.6 },
  { stage: 'B1', batch: 20, encoding: null, target: 0.8 },
  { stage: 'B1', batch: 100, encoding: null, target: 0.8 },
  { stage: 'B1p', batch: 1, encoding: null, target: null },
  { stage: 'B1p', batch: 100, encoding: null, target: null },
  { stage: 'B2', batch: 100, encoding: 'gzip', target: 0.6 },
  { stage: 'B2', batch: 100, encoding: 'zstd', target: 0.6 },
];

const compressors = { gzip: gzipSync, zstd: zstdCompressSync };

function requestsOf({ batch, encoding }: Case, key: string): PreparedRequest[] {
  const bodies = syntheticBodies({
    bodies: Math.max(50, Math.ceil(5_000 / batch)),
    batch,
    users: 1_000,
    at: Date.now(),
  });
  const headers = {
    'X-PG-API-Key': key,
    'Content-Type': 'application/json',
    ...(encoding !== null && { 'Content-Encoding': encoding }),
  };
  return bodies.map((plain) => {
    const body = encoding === null ? plain : compressors[encoding](plain);
    return prepareRequest({ path: '/v1/events', headers, body, events: batch });
  });
}

export async function acceptStage(rounds: number): Promise<StageResult[]> {
  const floor = await startServer('floor', ['floor.ts']);
  const dropping = await startServer('ingest-http', ['accept.ts', 'drop']);
  const packing = await startServer('ingest-http with packing', ['accept.ts', 'pack']);
  try {
    const results: StageResult[] = [];
    for (const one of CASES) {
      const candidate = one.stage === 'B1p' ? packing : dropping;
      const key = await (await fetch(`http://127.0.0.1:${String(candidate.port)}/bench/key`)).text();
      const options = { floor, candidate, rounds, seconds: 2, connections: 8, requests: requestsOf(one, key) };
      results.push(toResult(one, await compare(options)));
    }
    return results;
  } finally {
    await Promise.all([floor.stop(), dropping.stop(), packing.stop()]);
  }
}

function toResult({ stage, batch, encoding, target }: Case, comparison: Comparison): StageResult {
  const { cpuRatio, rateRatio, floorMicros, candidateMicros, candidateRate } = comparison;
  return {
    stage,
    what: `HTTP accept${stage === 'B1p' ? ' and pack' : ''}, batch ${String(batch)}${encoding === null ? '' : `, ${encoding}`}`,
    figure: cpuRatio.median,
    unit: 'of floor (CPU)',
    range: `${cpuRatio.min.toFixed(2)}-${cpuRatio.max.toFixed(2)}; rate ${rateRatio.median.toFixed(2)}`,
    floor: `${floorMicros.toFixed(2)} µs/ev`,
    candidate: `${candidateMicros.toFixed(2)} µs/ev, ${candidateRate.toFixed(0)} ev/s`,
    target: target === null ? null : `≥ ${target.toFixed(2)}`,
    met: target === null ? null : cpuRatio.median >= target,
    samples: comparison,
  };
}
