import type { TrendAnswer } from './answers.ts';
import { assertRows } from './budget.ts';
import { bucketStarts, previousRange } from './buckets.ts';
import type { QueryBudget } from './ports.ts';
import type { Measure, TrendQuestion, TrendSeries } from './questions.ts';
import { spelledValue } from './spelling.ts';
import { emptyValue, trendLines, type SeriesLines } from './trend-lines.ts';

/** Breakdown values of a line, one per breakdown; null = not set. */
export type TrendKey = readonly (string | null)[];

/**
 * What a store counts for one series: line 0 = other, from 1 on by rank; bucket 0 = the whole range, from 1 on
 * its buckets, −1 = nothing but the line's key.
 * The value is `a`, for `avg` and `perUser` it is a / b. Rows of one line and bucket add up.
 */
export interface TrendRow {
  readonly line: number;
  readonly bucket: number;
  readonly a: number | null;
  readonly b: number | null;
  /** Breakdown values of the line as JSON; null = told by another row, or by {@link TrendPlan.keys}. */
  readonly key: string | null;
}

/** One series over one range, as a store is asked for it. */
export interface TrendPlan {
  readonly question: TrendQuestion;
  readonly series: TrendSeries;
  readonly buckets: readonly number[];
  /** The lines wanted; null = those with the greatest measure. */
  readonly keys: readonly TrendKey[] | null;
  /** Rows that may come back; one more shows that there are too many. */
  readonly rows: number;
}

type Part = Pick<TrendAnswer, 'buckets' | 'lines'>;
type Line = SeriesLines['lines'][number];

interface Asked {
  readonly question: TrendQuestion;
  readonly budget: QueryBudget;
  readonly ask: (plan: TrendPlan) => Promise<readonly TrendRow[]>;
}

/**
 * Asks a store for every series, one after the other, and makes the answer of it.
 * @throws QueryTooExpensive when a series has more rows than the budget
 */
export async function trendAnswer(asked: Asked): Promise<Part & Pick<TrendAnswer, 'previous'>> {
  const { question } = asked;
  const kept: TrendKey[][] = [];
  const current = await askRange(asked, kept);
  if (!question.comparePrevious) return { ...current, previous: null };
  const previous = await askRange({ ...asked, question: { ...question, ...previousRange(question) } }, kept);
  return { ...current, previous };
}

/** @param kept breakdown values per series: filled by the first range, used as they are by the second */
async function askRange({ question, budget, ask }: Asked, kept: TrendKey[][]): Promise<Part> {
  const buckets = bucketStarts(question);
  const answers: SeriesLines[] = [];
  for (const [i, series] of question.series.entries()) {
    const keys = (question.formula === null ? kept[i] : kept[0]) ?? null;
    const found = await ask({ question, series, buckets, keys, rows: budget.rows + 1 });
    assertRows(found.length, budget);
    const lines = linesOf(question, { series, buckets, keys, found });
    kept[i] = keys === null ? lines.filter((line) => !line.other).map((line) => line.breakdown) : [...keys];
    answers.push({ lines: lines.map((line) => ({ ...line, breakdown: spelled(question, line.breakdown) })) });
  }
  return { buckets, lines: trendLines(question, answers) };
}

function spelled(question: TrendQuestion, key: TrendKey): TrendKey {
  return key.map((value, i) => spelledValue(question.breakdowns[i]?.field, value));
}

interface Found {
  readonly series: TrendSeries;
  readonly buckets: readonly number[];
  readonly keys: readonly TrendKey[] | null;
  readonly found: readonly TrendRow[];
}

/** Sums of one line: index 0 = the whole range, then the buckets. */
interface Sums {
  readonly a: (number | null)[];
  readonly b: number[];
  key: TrendKey;
}

function linesOf(question: TrendQuestion, { series, buckets, keys, found }: Found): Line[] {
  const width = buckets.length + 1;
  const sums = new Map<number, Sums>();
  const sumsOf = (line: number, key: TrendKey): Sums => {
    const known = sums.get(line) ?? {
      a: new Array<number | null>(width).fill(null),
      b: new Array<number>(width).fill(0),
      key,
    };
    sums.set(line, known);
    return known;
  };
  if (question.breakdowns.length === 0) sumsOf(1, []);
  keys?.forEach((key, i) => question.breakdowns.length > 0 && sumsOf(i + 1, key));
  for (const { line, bucket, a, b, key } of found) {
    const own = sumsOf(line, []);
    if (key !== null) own.key = JSON.parse(key) as TrendKey;
    if (bucket < 0) continue;
    if (a !== null) own.a[bucket] = (own.a[bucket] ?? 0) + a;
    if (b !== null) own.b[bucket] = (own.b[bucket] ?? 0) + b;
  }
  const ranked = [...sums].sort(([x], [y]) => (x === 0 ? Infinity : x) - (y === 0 ? Infinity : y));
  return ranked.map(([line, own]) => lineOf(question, series.measure, { ...own, other: line === 0 }));
}

function lineOf(question: TrendQuestion, measure: Measure, sums: Sums & { readonly other: boolean }): Line {
  const buckets = { a: sums.a.slice(1), b: sums.b.slice(1) };
  const { a, b } = question.cumulative ? { a: runningOf(measure, buckets.a), b: runningSums(buckets.b) } : buckets;
  return {
    breakdown: sums.other ? question.breakdowns.map(() => null) : sums.key,
    other: sums.other,
    values: a.map((value, i) => valueOf(measure, value, b[i] ?? 0)),
    total: valueOf(measure, sums.a[0] ?? null, sums.b[0] ?? 0),
  };
}

function valueOf(measure: Measure, a: number | null, b: number): number | null {
  if (measure.kind === 'avg' || measure.kind === 'perUser') return b === 0 || a === null ? null : a / b;
  return a ?? emptyValue(measure);
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** The measure from the start of the range on: sums add up, extremes stay until passed. */
function runningOf(measure: Measure, values: readonly (number | null)[]): (number | null)[] {
  const join =
    measure.kind === 'min' ? Math.min : measure.kind === 'max' ? Math.max : (x: number, y: number): number => x + y;
  let running: number | null = null;
  return values.map((value) => {
    if (value !== null) running = running === null ? value : join(running, value);
    return running;
  });
}
