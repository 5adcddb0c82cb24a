import type { RetentionAnswer } from './answers.ts';
import type { RetentionQuestion } from './questions.ts';
import { retentionCohorts } from './retention-cohorts.ts';

/**
 * Users of one cohort (bucket from 0) that were back in one period; `period` −1 = size of the cohort.
 * With `onOrAfter`: users by the last period in which they were back.
 */
export interface RetentionRow {
  readonly cohort: number;
  readonly period: number;
  readonly users: number;
}

/** The cohorts of a question from what a store counted. */
export function retentionAnswer(
  question: RetentionQuestion,
  buckets: readonly number[],
  rows: readonly RetentionRow[],
): RetentionAnswer['cohorts'] {
  const sizes = buckets.map(() => 0);
  const counts = buckets.map(() => new Array<number>(question.periods + 1).fill(0));
  for (const { cohort, period, users } of rows) {
    if (period === -1) sizes[cohort] = users;
    else for (const back of backIn(question, period)) add(counts[cohort], back, users);
  }
  const returned = (cohort: number, period: number): number => counts[cohort]?.[period] ?? 0;
  return retentionCohorts(question, buckets, { sizes, returned });
}

/** Whose last return lies in a period was back "in it or after" for all periods up to it. */
function backIn({ mode }: RetentionQuestion, period: number): number[] {
  return mode === 'on' ? [period] : Array.from({ length: period + 1 }, (_, i) => i);
}

function add(counts: number[] | undefined, period: number, users: number): void {
  if (counts !== undefined) counts[period] = (counts[period] ?? 0) + users;
}
