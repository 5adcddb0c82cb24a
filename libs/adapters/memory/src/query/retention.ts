import {
  bucketIndex,
  bucketStarts,
  retentionCohorts,
  type RetentionAnswer,
  type RetentionQuestion,
} from '@productgraph/domain-query';
import { selects } from './filters.ts';
import { passes, type ProjectRows } from './rows.ts';

/** A user's times, ascending. */
interface Visitor {
  readonly starts: readonly number[];
  readonly returns: readonly number[];
}

export function answerRetention(question: RetentionQuestion, rows: ProjectRows): Pick<RetentionAnswer, 'cohorts'> {
  const buckets = bucketStarts(question);
  const visitors = visitorsOf(question, rows);
  const cohortsOf = visitors.map((visitor) => entries(question, visitor, buckets));
  const members = (cohort: number) =>
    visitors.flatMap((visitor, i) => {
      const entered = cohortsOf[i]?.get(cohort);
      return entered === undefined ? [] : [{ visitor, entered }];
    });
  const cohorts = retentionCohorts(question, buckets, {
    sizes: buckets.map((_, cohort) => members(cohort).length),
    returned: (cohort, period) =>
      members(cohort).filter(({ visitor, entered }) => {
        const last = question.mode === 'on' ? period : Math.min(question.periods, buckets.length - 1 - cohort);
        const periods = Array.from({ length: last - period + 1 }, (_, i) => cohort + period + i);
        return periods.some((bucket) => {
          const times = visitor.returns.filter((at) => at >= entered && bucketIndex(buckets, at) === bucket);
          return times.length >= question.minimumCount;
        });
      }).length,
  });
  return { cohorts };
}

function visitorsOf(question: RetentionQuestion, rows: ProjectRows): Visitor[] {
  const { from, to } = question;
  const known = rows.events.filter((row) => row.event.timestamp < to && passes(row, question));
  return [...Map.groupBy(known, ({ event }) => event.userKey).values()].map((own) => ({
    starts: own.filter((row) => selects(question.start, row)).map(({ event }) => event.timestamp),
    returns: own
      .filter((row) => row.event.timestamp >= from && selects(question.return, row))
      .map(({ event }) => event.timestamp),
  }));
}

/** Cohorts that a user belongs to, each with the time of the start event that made it so. */
function entries(question: RetentionQuestion, { starts }: Visitor, buckets: readonly number[]): Map<number, number> {
  const entered = new Map<number, number>();
  const counted = question.cohort === 'firstTime' ? starts.slice(0, 1) : starts;
  for (const at of counted) {
    const bucket = bucketIndex(buckets, at);
    if (at >= question.from && !entered.has(bucket)) entered.set(bucket, at);
  }
  return entered;
}
