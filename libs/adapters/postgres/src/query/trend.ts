import { trendAnswer, type TrendAnswer, type TrendQuestion, type TrendRow } from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { trendStatement } from './trend-sql.ts';

export function askTrend(
  question: TrendQuestion,
  asking: Asking,
): Promise<Pick<TrendAnswer, 'buckets' | 'lines' | 'previous'>> {
  const { budget } = asking.options;
  return trendAnswer({ question, budget, ask: (plan) => asking.rows<TrendRow>(trendStatement(plan)) });
}
