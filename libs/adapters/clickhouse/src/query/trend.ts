import {
  trendAnswer,
  type TrendAnswer,
  type TrendKey,
  type TrendPlan,
  type TrendQuestion,
  type TrendRow,
} from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { type LineRow, linesStatement, ranksStatement } from './trend-sql.ts';

export function askTrend(
  question: TrendQuestion,
  asking: Asking,
): Promise<Pick<TrendAnswer, 'buckets' | 'lines' | 'previous'>> {
  return trendAnswer({ question, budget: asking.options.budget, ask: (plan) => askLines(plan, asking) });
}

/** First which breakdown values there are to be, unless that is known, then their lines. */
async function askLines(plan: TrendPlan, asking: Asking): Promise<TrendRow[]> {
  const ranked = plan.keys ?? (await ranksOf(plan, asking));
  const names =
    plan.keys === null
      ? ranked.map((key, i) => ({ line: i + 1, bucket: -1, a: null, b: null, key: JSON.stringify(key) }))
      : [];
  if (plan.keys === null && ranked.length === 0 && plan.question.breakdowns.length > 0) return names;
  const { statement, buckets } = linesStatement(plan, asking.reading, ranked);
  const rows = await asking.rows<LineRow>(statement);
  return [...names, ...rows.map((row) => ({ ...row, bucket: buckets.index(row.bucket), key: null }))];
}

async function ranksOf(plan: TrendPlan, asking: Asking): Promise<TrendKey[]> {
  if (plan.question.breakdowns.length === 0) return [];
  const rows = await asking.rows<Readonly<Record<string, string | null>>>(ranksStatement(plan, asking.reading));
  return rows.map((row) => plan.question.breakdowns.map((_, i) => row[`k${i + 1}`] ?? null));
}
