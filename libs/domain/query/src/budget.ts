import type {
  CatalogueAnswer,
  EventsAnswer,
  FunnelAnswer,
  FunnelUsersAnswer,
  RetentionAnswer,
  SessionMetricsAnswer,
  SessionsAnswer,
  TrendAnswer,
  UsersAnswer,
} from './answers.ts';
import { QueryTooExpensive } from './errors.ts';
import type { QueryBudget } from './ports.ts';

/** What a store found out, without what every answer says about itself. */
export type Findings =
  | Pick<TrendAnswer, 'buckets' | 'lines' | 'previous'>
  | Pick<FunnelAnswer, 'groups' | 'trend'>
  | Pick<FunnelUsersAnswer, 'users'>
  | Pick<RetentionAnswer, 'cohorts'>
  | Pick<EventsAnswer, 'items' | 'pageInfo'>
  | Pick<UsersAnswer, 'items' | 'pageInfo'>
  | Pick<SessionsAnswer, 'items' | 'pageInfo'>
  | Pick<SessionMetricsAnswer, 'total' | 'buckets' | 'groups' | 'durations'>
  | Pick<CatalogueAnswer, 'items'>;

/** Rows of an answer: points of lines, cells of cohorts, steps of groups, items of lists. */
export function answerRows(findings: Findings): number {
  if ('lines' in findings) {
    const points = findings.lines.length * findings.buckets.length;
    return (
      points + (findings.previous === null ? 0 : findings.previous.lines.length * findings.previous.buckets.length)
    );
  }
  if ('trend' in findings) return findings.trend.length + sum(findings.groups.map(({ steps }) => steps.length));
  if ('users' in findings) return findings.users.length;
  if ('cohorts' in findings) return sum(findings.cohorts.map(({ returned }) => returned.length));
  if ('items' in findings) return findings.items.length;
  return findings.buckets.length + findings.groups.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** @throws QueryTooExpensive when more rows were asked for than the budget has */
export function assertRows(rows: number, budget: QueryBudget): void {
  if (rows <= budget.rows) return;
  throw new QueryTooExpensive('rows', `The answer has more than ${budget.rows} rows: ask for fewer buckets or values.`);
}

/** The error for a question whose time is up. */
export function outOfTime(budget: QueryBudget): QueryTooExpensive {
  return new QueryTooExpensive('time', `The question took longer than ${budget.timeMs} ms: ask for a shorter range.`);
}
