import type { RetentionAnswer } from './answers.ts';
import type { RetentionQuestion } from './questions.ts';

/** What a store counts for the cohort that starts in bucket `cohort`. */
export interface RetentionCounts {
  /** Users per cohort. */
  readonly sizes: readonly number[];
  /** Users of a cohort that were back in period i after it. */
  returned(cohort: number, period: number): number;
}

/**
 * Cohorts of the answer, one per bucket of the range, empty ones included.
 * A period that has not begun before `to` is null.
 * @param starts the buckets of the range, see `bucketStarts`
 */
export function retentionCohorts(
  question: Pick<RetentionQuestion, 'periods'>,
  starts: readonly number[],
  counts: RetentionCounts,
): RetentionAnswer['cohorts'] {
  return starts.map((start, cohort) => ({
    start,
    size: counts.sizes[cohort] ?? 0,
    returned: Array.from({ length: question.periods + 1 }, (_, period) =>
      cohort + period < starts.length ? counts.returned(cohort, period) : null,
    ),
  }));
}
