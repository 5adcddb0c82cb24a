import type { Measure, TrendQuestion, TrendSeries } from '@productgraph/domain-query';
import type { SeriesInput, TrendInput } from '../generated/schema.ts';
import type { Faults } from './faults.ts';
import { eventFromGraphql } from './filter.ts';
import { type Asked, scopeFromGraphql } from './scope.ts';

export function trendFromGraphql(input: TrendInput, asked: Asked): TrendQuestion {
  return {
    kind: 'trend',
    ...scopeFromGraphql(input, asked),
    series: input.series.map((one, i) => series(one, i, asked.faults)),
    interval: input.interval,
    breakdowns: input.breakdowns.map((field) => ({ field })),
    breakdownLimit: input.breakdownLimit,
    formula: input.formula ?? null,
    comparePrevious: input.comparePrevious,
    cumulative: input.cumulative,
  };
}

function series(input: SeriesInput, index: number, faults: Faults): TrendSeries {
  const path = `series[${index}]`;
  return {
    label: input.label ?? String.fromCharCode('A'.charCodeAt(0) + (index % 26)),
    event: eventFromGraphql(input.event, `${path}.event`, faults),
    measure: measure(input, path, faults),
  };
}

function measure(input: SeriesInput, path: string, faults: Faults): Measure {
  const { measure: kind } = input;
  if (kind !== 'percentile' && input.percentile) faults.add(`${path}.percentile`, `${kind} takes no percentile`);
  switch (kind) {
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return { kind, field: neededField(input, path, faults) };
    case 'percentile':
      return { kind, field: neededField(input, path, faults), percentile: input.percentile ?? 0 };
    default:
      if (input.field) faults.add(`${path}.field`, `${kind} takes no field`);
      return { kind };
  }
}

function neededField({ measure: kind, field }: SeriesInput, path: string, faults: Faults): string {
  if (!field) faults.add(`${path}.field`, `${kind} needs a field`);
  return field ?? '';
}
