import type { SessionMetrics, SessionMetricsAnswer, SessionMetricsQuestion } from '@productgraph/domain-query';
import type { ResolversTypes, SessionMetricsInput } from '../generated/schema.ts';
import { type Asked, scopeFromGraphql } from './scope.ts';

export function sessionMetricsFromGraphql(input: SessionMetricsInput, asked: Asked): SessionMetricsQuestion {
  return {
    kind: 'sessionMetrics',
    ...scopeFromGraphql(input, asked),
    interval: input.interval,
    breakdown: input.breakdown ? { field: input.breakdown } : null,
    breakdownLimit: input.breakdownLimit,
  };
}

/** Series go out as columns, one list per metric. */
export function sessionMetricsToGraphql({
  buckets,
  ...answer
}: SessionMetricsAnswer): ResolversTypes['SessionMetricsAnswer'] {
  const column = <K extends keyof SessionMetrics>(metric: K): SessionMetrics[K][] =>
    buckets.map(({ metrics }) => metrics[metric]);
  return {
    ...answer,
    series: {
      buckets: buckets.map(({ start }) => start),
      sessions: column('sessions'),
      users: column('users'),
      bounceRate: column('bounceRate'),
      averageDurationMs: column('averageDurationMs'),
      medianDurationMs: column('medianDurationMs'),
      pagesPerSession: column('pagesPerSession'),
      eventsPerSession: column('eventsPerSession'),
    },
  };
}
