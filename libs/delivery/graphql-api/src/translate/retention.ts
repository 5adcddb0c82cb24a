import type { RetentionQuestion } from '@productgraph/domain-query';
import type { RetentionInput } from '../generated/schema.ts';
import { eventFromGraphql } from './filter.ts';
import { type Asked, scopeFromGraphql } from './scope.ts';

export function retentionFromGraphql(input: RetentionInput, asked: Asked): RetentionQuestion {
  return {
    kind: 'retention',
    ...scopeFromGraphql(input, asked),
    start: eventFromGraphql(input.start, 'start', asked.faults),
    return: eventFromGraphql(input.return, 'return', asked.faults),
    cohort: input.cohort,
    interval: input.interval,
    periods: input.periods,
    mode: input.mode,
    minimumCount: input.minimumCount,
  };
}
