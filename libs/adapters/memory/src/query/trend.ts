import {
  average,
  bucketIndex,
  bucketStarts,
  compareNullable,
  emptyValue,
  fieldNamed,
  previousRange,
  quantile,
  ratio,
  trendLines,
  type Measure,
  type SeriesLines,
  type TrendAnswer,
  type TrendQuestion,
  type TrendSeries,
} from '@productgraph/domain-query';
import { selects, textOf, valueOf } from './filters.ts';
import type { EventRow } from './event-row.ts';
import { rowsInScope, sessionKey, type ProjectRows } from './rows.ts';

type Key = readonly (string | null)[];
type Part = Pick<TrendAnswer, 'buckets' | 'lines'>;

export function answerTrend(question: TrendQuestion, rows: ProjectRows): Part & Pick<TrendAnswer, 'previous'> {
  const kept: Key[][] = [];
  const current = answerRange(question, rows, kept);
  if (!question.comparePrevious) return { ...current, previous: null };
  return { ...current, previous: answerRange({ ...question, ...previousRange(question) }, rows, kept) };
}

/** @param kept breakdown values per series: filled by the first range, used as they are by the second */
function answerRange(question: TrendQuestion, rows: ProjectRows, kept: Key[][]): Part {
  const buckets = bucketStarts(question);
  const inScope = rowsInScope(rows, question);
  const series = question.series.map((one, i): SeriesLines => {
    const own = inScope.filter((row) => selects(one.event, row) && isCounted(one.measure, row));
    const shared = question.formula === null ? kept[i] : kept[0];
    const keys = shared ?? topKeys(question, one.measure, own);
    kept[i] = keys;
    return { lines: linesOf(question, { series: one, rows: own, keys, buckets }) };
  });
  return { buckets, lines: trendLines(question, series) };
}

/** Sessions are counted by the events that lie in one. */
function isCounted(measure: Measure, { session }: EventRow): boolean {
  return measure.kind !== 'sessions' || session !== null;
}

function keyOf(question: TrendQuestion, row: EventRow): Key {
  return question.breakdowns.map(({ field }) => textOf(field, row));
}

function compareKeys(a: Key, b: Key): number {
  return a.map((value, i) => compareNullable(value, b[i] ?? null)).find((order) => order !== 0) ?? 0;
}

/** The values with the greatest measure over the whole range; unknown measures last, then by value. */
function topKeys(question: TrendQuestion, measure: Measure, rows: readonly EventRow[]): Key[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(keyOf(question, row)));
  const ranked = [...groups].map(([key, members]) => ({
    key: JSON.parse(key) as Key,
    total: valueFor(measure, members),
  }));
  ranked.sort((a, b) => (b.total ?? -Infinity) - (a.total ?? -Infinity) || compareKeys(a.key, b.key));
  return ranked.slice(0, question.breakdowns.length === 0 ? 1 : question.breakdownLimit).map(({ key }) => key);
}

interface Lines {
  readonly series: TrendSeries;
  readonly rows: readonly EventRow[];
  readonly keys: readonly Key[];
  readonly buckets: readonly number[];
}

function linesOf(question: TrendQuestion, { series, rows, keys, buckets }: Lines): SeriesLines['lines'] {
  const line = (breakdown: Key, other: boolean, own: readonly EventRow[]): SeriesLines['lines'][number] => ({
    breakdown,
    other,
    values: buckets.map((_, i) => valueFor(series.measure, inBucket(question, { rows: own, buckets, index: i }))),
    total: valueFor(series.measure, own),
  });
  if (question.breakdowns.length === 0) return [line([], false, rows)];
  const names = new Set(keys.map((key) => JSON.stringify(key)));
  const nameOf = (row: EventRow): string => JSON.stringify(keyOf(question, row));
  const lines = keys.map((key) =>
    line(
      key,
      false,
      rows.filter((row) => nameOf(row) === JSON.stringify(key)),
    ),
  );
  const others = rows.filter((row) => !names.has(nameOf(row)));
  return others.length === 0
    ? lines
    : [
        ...lines,
        line(
          question.breakdowns.map(() => null),
          true,
          others,
        ),
      ];
}

function inBucket(
  question: TrendQuestion,
  { rows, buckets, index }: { rows: readonly EventRow[]; buckets: readonly number[]; index: number },
): EventRow[] {
  return rows.filter(({ event }) => {
    const bucket = bucketIndex(buckets, event.timestamp);
    return question.cumulative ? bucket <= index : bucket === index;
  });
}

function valueFor(measure: Measure, rows: readonly EventRow[]): number | null {
  switch (measure.kind) {
    case 'total':
      return rows.length;
    case 'uniqueUsers':
      return usersIn(rows);
    case 'sessions':
      return new Set(rows.flatMap(({ session }) => (session === null ? [] : [sessionKey(session)]))).size;
    case 'perUser':
      return ratio(rows.length, usersIn(rows));
    default:
      return ofNumbers(measure, rows);
  }
}

function usersIn(rows: readonly EventRow[]): number {
  return new Set(rows.map(({ event }) => event.userKey)).size;
}

function ofNumbers(measure: Extract<Measure, { field: string }>, rows: readonly EventRow[]): number | null {
  const field = fieldNamed(measure.field);
  const numbers = rows.map((row) => valueOf(field, row).number).filter((number) => number !== null);
  if (numbers.length === 0) return emptyValue(measure);
  switch (measure.kind) {
    case 'sum':
      return numbers.reduce((a, b) => a + b, 0);
    case 'avg':
      return average(numbers);
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'percentile':
      return quantile(
        numbers.sort((a, b) => a - b),
        measure.percentile / 100,
      );
  }
}
