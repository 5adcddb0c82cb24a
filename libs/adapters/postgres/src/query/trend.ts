import {
  assertRows,
  bucketStarts,
  emptyValue,
  fieldOf,
  previousRange,
  trendLines,
  type Measure,
  type SeriesLines,
  type TrendAnswer,
  type TrendQuestion,
  type TrendSeries,
} from '@productgraph/domain-query';
import { type TrendKey, type TrendRow, trendStatement } from './trend-sql.ts';
import type { Asking } from './asking.ts';

type Part = Pick<TrendAnswer, 'buckets' | 'lines'>;
type Line = SeriesLines['lines'][number];

export async function askTrend(question: TrendQuestion, asking: Asking): Promise<Part & Pick<TrendAnswer, 'previous'>> {
  const kept: TrendKey[][] = [];
  const current = await askRange(question, asking, kept);
  if (!question.comparePrevious) return { ...current, previous: null };
  const previous = await askRange({ ...question, ...previousRange(question) }, asking, kept);
  return { ...current, previous };
}

/** @param kept breakdown values per series: filled by the first range, used as they are by the second */
async function askRange(question: TrendQuestion, asking: Asking, kept: TrendKey[][]): Promise<Part> {
  const buckets = bucketStarts(question);
  const answers: SeriesLines[] = [];
  for (const [i, series] of question.series.entries()) {
    const keys = (question.formula === null ? kept[i] : kept[0]) ?? null;
    const rows = asking.options.budget.rows + 1;
    const found = await asking.rows<TrendRow>(trendStatement({ question, series, buckets, keys, rows }));
    assertRows(found.length, asking.options.budget);
    const lines = linesOf(question, { series, buckets, keys, found });
    kept[i] = keys === null ? lines.filter((line) => !line.other).map((line) => line.breakdown) : [...keys];
    answers.push({ lines: lines.map((line) => ({ ...line, breakdown: spelled(question, line.breakdown) })) });
  }
  return { buckets, lines: trendLines(question, answers) };
}

/** Numbers as JavaScript spells them: PostgreSQL writes 1e-07 and 1e+15. */
function spelled(question: TrendQuestion, key: TrendKey): TrendKey {
  return key.map((value, i) => {
    const type = fieldOf(question.breakdowns[i]?.field ?? '')?.type;
    return value !== null && type === 'number' ? String(Number(value)) : value;
  });
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
