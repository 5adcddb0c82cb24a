import { gzipSync, zstdCompressSync } from 'node:zlib';
import { startServer } from '../harness/child.ts';
import { compare, type Comparison } from '../harness/compare.ts';
import { syntheticBodies } from '../harness/events.ts';
import { prepareRequest, type PreparedRequest } from '../harness/http-load.ts';
import type { StageResult } from '../report.ts';

/*
 * B1: HTTP accept (key, limits, validation, partition, envelope, packing) into a log that drops, against a bare server that parses and drops.
 * B2: the same with compressed bodies, the floor decompressing too.
 */

interface Case {
  readonly stage: 'B1' | 'B2';
  readonly batch: number;
  readonly encoding: 'gzip' | 'zstd' | null;
  readonly target: number;
}

const CASES: readonly Case[] = [
  { stage: 'B1', batch: 1, encoding: null, target: 0.6 },
  { stage: 'B1', batch: 20, encoding: null, target: 0.8 },
  { stage: 'B1', batch: 100, encoding: null, target: 0.8 },
  { stage: 'B2', batch: 100, encoding: 'gzip', target: 0.8 },
  { stage: 'B2', batch: 100, encoding: 'zstd', target: 0.8 },
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
  const floor = await startServer('floor', 'floor.ts', 0);
  const candidate = await startServer('ingest-http', 'accept.ts', 0);
  try {
    const key = await (await fetch(`http://127.0.0.1:${String(candidate.port)}/bench/key`)).text();
    const results: StageResult[] = [];
    for (const one of CASES) {
      const options = { floor, candidate, rounds, seconds: 2, connections: 8, requests: requestsOf(one, key) };
      results.push(toResult(one, await compare(options)));
    }
    return results;
  } finally {
    await Promise.all([floor.stop(), candidate.stop()]);
  }
}

function toResult({ stage, batch, encoding, target }: Case, comparison: Comparison): StageResult {
  const { cpuRatio, rateRatio, floorMicros, candidateMicros, candidateRate } = comparison;
  return {
    stage,
    what: `HTTP accept, batch ${String(batch)}${encoding === null ? '' : `, ${encoding}`}`,
    figure: cpuRatio.median,
    unit: 'of floor (CPU)',
    range: `${cpuRatio.min.toFixed(2)}-${cpuRatio.max.toFixed(2)}; rate ${rateRatio.median.toFixed(2)}`,
    floor: `${floorMicros.toFixed(2)} µs/ev`,
    candidate: `${candidateMicros.toFixed(2)} µs/ev, ${candidateRate.toFixed(0)} ev/s`,
    target: `≥ ${target.toFixed(2)}`,
    met: cpuRatio.median >= target,
    samples: comparison,
  };
}
