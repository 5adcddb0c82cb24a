import {
  OPERATORS,
  validateQuestion,
  type Condition,
  type EventSelector,
  type EventsQuestion,
  type Filter,
  type FunnelQuestion,
  type Interval,
  type Measure,
  type Question,
  type TrendQuestion,
} from '@productgraph/domain-query';
import fc from 'fast-check';
import { FIELDS, NUMBER_FIELDS, rangeArbitrary, SESSION_FIELDS } from './arbitrary-rows.ts';
import { at } from './world.ts';

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const value = oneOf<string | number | boolean>(
  'pro', 'free', '', '/a', 'A', 'x', 'ann', '1', '7', '^/[aB]', 'a|^$', '(?i)FREE', 1, 7, 0.25, 404, -2.5, true, at('31T00:00'), 's1', 'de', '2',
); // prettier-ignore

/** Conditions that fit their field: the others are faults, not answers. */
const condition: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant('condition' as const),
  field: oneOf<string>(...FIELDS),
  operator: oneOf(...OPERATORS),
  values: fc.array(value, { maxLength: 2 }),
});

const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc.record({ kind: oneOf('and' as const, 'or' as const), filters: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
  ),
}));

const fits = (filter: Filter): boolean => validateQuestion({ ...EVENTS, filter }).length === 0;
const filter = anyFilter.filter(fits);
const maybeFilter = fc.option(filter, { freq: 1 });

const selector: fc.Arbitrary<EventSelector> = fc.record({
  type: oneOf(null, null, 'page.view', 'custom'),
  name: oneOf(null, null, 'A', 'B'),
  filter: fc.option(filter, { freq: 3 }),
});

const PROJECT = '01890000-0000-7000-8000-000000000000';
const PAGE = { first: 1, after: null };
const EVENTS: EventsQuestion = {
  kind: 'events', projectId: PROJECT, from: 0, to: 1, timeZone: 'UTC', filter: null, includeBots: false,
  event: { type: null, name: null, filter: null }, userKey: null, page: PAGE,
}; // prettier-ignore

const scope = fc
  .record({ range: rangeArbitrary, filter: maybeFilter, includeBots: fc.boolean() })
  .map(({ range, ...rest }) => ({ projectId: PROJECT, ...range, ...rest }));

const interval = oneOf<Interval>('hour', 'day', 'week', 'month');
const breakdown = oneOf<string>(...FIELDS).map((field) => ({ field }));
const limit = fc.integer({ min: 1, max: 4 });
const page = fc.integer({ min: 1, max: 6 }).map((first) => ({ first, after: null }));
const userKey = oneOf(null, null, 'u:ann', 'a:x');
const search = oneOf(null, null, 'A', 'x', 'zz');

const measure: fc.Arbitrary<Measure> = fc.oneof(
  oneOf<Measure>({ kind: 'total' }, { kind: 'uniqueUsers' }, { kind: 'sessions' }, { kind: 'perUser' }),
  fc.record({ kind: oneOf('sum' as const, 'avg' as const, 'min' as const, 'max' as const), field: oneOf<string>(...NUMBER_FIELDS) }),
  fc.record({ kind: fc.constant('percentile' as const), field: oneOf<string>(...NUMBER_FIELDS), percentile: oneOf(10, 50, 95) }),
); // prettier-ignore

const trend: fc.Arbitrary<TrendQuestion> = fc
  .record({
    scope,
    series: fc.array(fc.record({ event: selector, measure }), { minLength: 1, maxLength: 2 }),
    interval,
    breakdowns: fc.array(breakdown, { maxLength: 2 }),
    breakdownLimit: limit,
    formula: oneOf(null, null, 'A * 2', 'A / B - 1'),
    comparePrevious: fc.boolean(),
    cumulative: fc.boolean(),
  })
  .map(({ scope: own, series, ...rest }) => ({
    kind: 'trend',
    ...own,
    ...rest,
    series: series.map((one, i) => ({ label: 'AB'.charAt(i), ...one })),
  }));

const funnel: fc.Arbitrary<FunnelQuestion> = fc
  .record({
    scope,
    steps: fc.array(selector, { minLength: 2, maxLength: 4 }),
    order: oneOf<FunnelQuestion['order']>('ordered', 'strict', 'any'),
    windowMs: oneOf(1, 15 * 60_000, 3 * 3_600_000, 86_400_000),
    exclusion: fc.option(selector, { freq: 2 }),
    holdConstant: oneOf(null, null, 'properties.plan', 'page.path', 'api.status'),
    per: oneOf<FunnelQuestion['per']>('user', 'session'),
    breakdown: fc.option(breakdown),
    attribution: oneOf<FunnelQuestion['attribution']>('first', 'last', { step: 1 }),
    breakdownLimit: limit,
    trendInterval: fc.option(interval),
  })
  .map(({ scope: own, steps, exclusion, ...rest }) => ({
    kind: 'funnel',
    ...own,
    ...rest,
    steps: steps.map((event, i) => ({ name: `s${i}`, event })),
    exclusions: exclusion === null || rest.order !== 'ordered' ? [] : [{ event: exclusion, after: 0, before: 1 }],
  }));

const others: fc.Arbitrary<Question> = fc.oneof(
  fc.record({
    kind: fc.constant('retention' as const),
    start: selector,
    return: selector,
    cohort: oneOf('firstTime' as const, 'recurring' as const),
    interval: oneOf('hour' as const, 'day' as const, 'week' as const),
    periods: fc.integer({ min: 1, max: 5 }),
    mode: oneOf('on' as const, 'onOrAfter' as const),
    minimumCount: fc.integer({ min: 1, max: 2 }),
    scope,
  }).map(({ scope: own, ...rest }) => ({ ...own, ...rest })),
  fc.tuple(scope, selector, userKey, page).map((...[[own, event, key, first]]) => ({ kind: 'events' as const, ...own, event, userKey: key, page: first })),
  fc.tuple(scope, search, page).map(([own, text, first]) => ({ kind: 'users' as const, ...own, search: text, page: first })),
  fc.tuple(scope, userKey, page).map(([own, key, first]) => ({ kind: 'sessions' as const, ...own, userKey: key, page: first })),
  fc.tuple(scope, interval, fc.option(oneOf<string>(...SESSION_FIELDS)), limit).map((...[[own, cut, field, most]]) => ({
    kind: 'sessionMetrics' as const, ...own, interval: cut, breakdown: field === null ? null : { field }, breakdownLimit: most,
  })),
  fc.tuple(scope, oneOf('eventNames' as const, 'properties' as const), search, limit).map((...[[own, of, text, most]]) => ({
    kind: 'catalogue' as const, ...own, of, field: null, search: text, limit: most,
  })),
  fc.tuple(scope, oneOf<string>(...FIELDS), search, limit).map((...[[own, field, text, most]]) => ({
    kind: 'catalogue' as const, ...own, of: 'values' as const, field, search: text, limit: most,
  })),
); // prettier-ignore

const funnelUsers: fc.Arbitrary<Question> = fc
  .tuple(funnel, oneOf(0, 1), oneOf('converted' as const, 'dropped' as const), limit)
  .map((...[[asked, step, outcome, most]]) => ({ kind: 'funnelUsers', funnel: asked, step, outcome, limit: most }));

/** Any valid question, about no project yet. */
export const questionArbitrary: fc.Arbitrary<Question> = fc
  .oneof(
    { weight: 4, arbitrary: trend },
    { weight: 4, arbitrary: funnel },
    { weight: 6, arbitrary: others },
    funnelUsers,
  )
  .filter((question) => validateQuestion(question).length === 0);

/** The question about another project. */
export function aboutProject(question: Question, projectId: string): Question {
  return question.kind === 'funnelUsers'
    ? { ...question, funnel: { ...question.funnel, projectId } }
    : { ...question, projectId };
}
