import type { TrendLine } from './answers.ts';
import { evaluateFormula, type Formula, parseFormula } from './formula.ts';
import type { Measure, TrendQuestion } from './questions.ts';

/** One series of a trend as a store answers it: its lines in order of rank, `other` last. */
export interface SeriesLines {
  readonly lines: readonly Omit<TrendLine, 'label'>[];
}

/** The value of a measure over no events: counts and sums are 0, everything else is unknown. */
export function emptyValue(measure: Measure): number | null {
  switch (measure.kind) {
    case 'total':
    case 'uniqueUsers':
    case 'sessions':
    case 'sum':
      return 0;
    default:
      return null;
  }
}

/** The parsed formula of a valid question, `null` when there is none. */
function formulaOf(question: Pick<TrendQuestion, 'formula'>): Formula | null {
  const parsed = question.formula === null ? null : parseFormula(question.formula);
  return parsed !== null && 'formula' in parsed ? parsed.formula : null;
}

/**
 * Lines of the answer: those of all series one after the other, or with a formula one line per breakdown value.
 * With a formula all series come with the same values kept (those of the first series).
 * @param series in the order of `question.series`
 */
export function trendLines(question: TrendQuestion, series: readonly SeriesLines[]): TrendLine[] {
  const formula = formulaOf(question);
  if (formula === null || question.formula === null) {
    return series.flatMap(({ lines }, i) => lines.map((line) => ({ label: question.series[i]?.label ?? '', ...line })));
  }
  const label = question.formula.trim();
  return shapesOf(series).map((shape) => ({ label, ...computed(question, { formula, series, shape }) }));
}

interface Computation {
  readonly formula: Formula;
  readonly series: readonly SeriesLines[];
  readonly shape: Omit<TrendLine, 'label'>;
}

/** Every line that some series has: the values kept are the same for all, `other` may be missing. */
function shapesOf(series: readonly SeriesLines[]): Omit<TrendLine, 'label'>[] {
  const kept = series[0]?.lines.filter((line) => !line.other) ?? [];
  const other = series.flatMap(({ lines }) => lines).find((line) => line.other);
  return other === undefined ? kept : [...kept, other];
}

function computed(question: TrendQuestion, { formula, series, shape }: Computation): Omit<TrendLine, 'label'> {
  const key = lineKey(shape);
  const operands = question.series.map(({ label, measure }, i) => ({
    label,
    empty: emptyValue(measure),
    line: series[i]?.lines.find((line) => lineKey(line) === key),
  }));
  const value = (pick: (line: Omit<TrendLine, 'label'>) => number | null): number | null =>
    evaluateFormula(
      formula,
      Object.fromEntries(operands.map(({ label, empty, line }) => [label, line === undefined ? empty : pick(line)])),
    );
  return {
    breakdown: shape.breakdown,
    other: shape.other,
    values: shape.values.map((_, i) => value((line) => line.values[i] ?? null)),
    total: value((line) => line.total),
  };
}

function lineKey(line: Pick<TrendLine, 'breakdown' | 'other'>): string {
  return JSON.stringify([line.other, line.breakdown]);
}
