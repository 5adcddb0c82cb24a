import {
  assertRows,
  bucketStarts,
  retentionAnswer,
  type RetentionAnswer,
  type RetentionQuestion,
  type RetentionRow,
} from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { retentionStatement } from './retention-sql.ts';

export async function askRetention(
  question: RetentionQuestion,
  asking: Asking,
): Promise<Pick<RetentionAnswer, 'cohorts'>> {
  const buckets = bucketStarts(question);
  assertRows(buckets.length * (question.periods + 1), asking.options.budget);
  const found = await asking.rows<RetentionRow>(retentionStatement(question, asking.reading, buckets));
  const rows = found.map((row) => ({ ...row, cohort: row.cohort - 1 }));
  return { cohorts: retentionAnswer(question, buckets, rows) };
}
