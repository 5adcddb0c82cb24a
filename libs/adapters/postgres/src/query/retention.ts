import {
  assertRows,
  bucketStarts,
  retentionCohorts,
  type RetentionAnswer,
  type RetentionQuestion,
} from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { type RetentionRow, retentionStatement } from './retention-sql.ts';

export async function askRetention(
  question: RetentionQuestion,
  asking: Asking,
): Promise<Pick<RetentionAnswer, 'cohorts'>> {
  const buckets = bucketStarts(question);
  assertRows(buckets.length * (question.periods + 1), asking.options.budget);
  const sizes = buckets.map(() => 0);
  const counts = buckets.map(() => new Array<number>(question.periods + 1).fill(0));
  for (const { cohort, period, users } of await asking.rows<RetentionRow>(retentionStatement(question, buckets))) {
    if (period === -1) sizes[cohort] = users;
    else for (const back of backIn(question, period)) add(counts[cohort], back, users);
  }
  const returned = (cohort: number, period: number): number => counts[cohort]?.[period] ?? 0;
  return { cohorts: retentionCohorts(question, buckets, { sizes, returned }) };
}

/** Whose last return lies in a period was back "in it or after" for all periods up to it. */
function backIn({ mode }: RetentionQuestion, period: number): number[] {
  return mode === 'on' ? [period] : Array.from({ length: period + 1 }, (_, i) => i);
}

function add(counts: number[] | undefined, period: number, users: number): void {
  if (counts !== undefined) counts[period] = (counts[period] ?? 0) + users;
}
