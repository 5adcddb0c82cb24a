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
  const rows = await asking.rows<RetentionRow>(retentionStatement(question, buckets));
  return { cohorts: retentionAnswer(question, buckets, rows) };
}
