import { type Compiler, milliseconds, parameter } from './compiler.ts';

/** How a statement tells in which bucket of a list a time lies, and what its number means. */
export interface Bucketing {
  /** SQL of the bucket of a time: Int64, > 0; 0 is left for "over all". */
  readonly of: (time: string) => string;
  /** Index (from 1) of the bucket with that number, 0 for the number 0. */
  readonly index: (bucket: number) => number;
}

/**
 * Buckets are cut by the domain in the question's time zone, changes of the clock and all; here a binary search among their
 * starts finds the last one at or before a time. The number of a bucket is its start, counted from just before the first.
 * @param starts Unix ms, ascending, the first at or before every time asked for
 */
export function bucketing(compiler: Compiler, starts: readonly number[]): Bucketing {
  const first = starts[0] ?? 0;
  const bounds = parameter(
    compiler,
    starts.map((start) => start - first),
    'Array(Int64)',
  );
  const origin = parameter(compiler, first, 'Int64');
  const indices = new Map(starts.map((start, i) => [start - first + 1, i + 1]));
  return {
    of: (time) => `roundDown(${milliseconds(time)} - ${origin}, ${bounds}) + 1`,
    index: (bucket) => indices.get(bucket) ?? 0,
  };
}

/** SQL of the index (Int64, from 1) of the bucket in which a time lies. */
export function bucketIndexSql(compiler: Compiler, starts: readonly number[], time: string): string {
  const bounds = parameter(compiler, starts, 'Array(Int64)');
  const indices = parameter(
    compiler,
    starts.map((_, i) => i + 1),
    'Array(Int64)',
  );
  return `transform(roundDown(${milliseconds(time)}, ${bounds}), ${bounds}, ${indices}, toInt64(0))`;
}
