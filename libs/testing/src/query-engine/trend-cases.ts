import type { EventSelector, Measure, TrendQuestion } from '@productgraph/domain-query';
import { beforeAll, expect, it } from 'vitest';
import { anyEvent, at, named, type QueryEngineFixture, type Rows, typed, where, type World, worldOf } from './world.ts';

const cat = { userId: null, anonymousId: 'c1' };

/** Berlin puts its clocks forward at 2024-03-31T01:00Z. */
const ROWS: Rows = {
  events: [
    { timestamp: at('30T10:00'), pagePath: '/', properties: '{"plan":"pro","price":10}' },
    { timestamp: at('30T11:00'), type: 'custom', name: 'buy', properties: '{"plan":"pro","price":20.5}' },
    { timestamp: at('30T23:30'), userId: 'bob', pagePath: '/', properties: '{"plan":"free"}' },
    { timestamp: at('31T10:00'), ...cat, pagePath: '/a', properties: '{"price":"7"}' },
    { timestamp: at('31T22:30'), pagePath: '/', properties: '{"plan":"pro","price":null}' },
    { timestamp: at('2024-04-01T12:00'), userId: 'bob', type: 'custom', name: 'buy', properties: '{"plan":"free","price":2}' },
    { timestamp: at('31T12:00'), userId: 'dan', pagePath: '/', flags: 1 },
    { timestamp: at('29T23:59:59.999'), userId: 'eve' },
    { timestamp: at('2024-04-02T00:00'), userId: 'eve' },
  ],
  sessions: [
    { sessionId: 's1', start: at('30T10:00'), end: at('30T11:00'), entryPath: '/' },
    { sessionId: 's2', start: at('31T22:30'), end: at('31T22:30'), entryPath: '/' },
    { sessionId: 's3', userKey: 'u:bob', start: at('30T23:30'), end: at('30T23:30'), entryPath: '/x' },
    { sessionId: 's4', userKey: 'a:c1', start: at('31T10:00'), end: at('31T10:00'), entryPath: '/a' },
  ],
}; // prettier-ignore

type Options = Partial<Omit<TrendQuestion, 'kind' | 'series'>>;
type Series = readonly [event: EventSelector, measure: Measure];
type Line = readonly [
  label: string,
  values: readonly (number | null)[],
  total: number | null,
  breakdown?: readonly (string | null)[],
  other?: true,
];

const price = 'properties.price';
const total: Series = [anyEvent, { kind: 'total' }];
const users: Series = [anyEvent, { kind: 'uniqueUsers' }];
const buys: Series = [named('buy'), { kind: 'total' }];
const byPlan = { breakdowns: [{ field: 'properties.plan' }] };
const berlin = { timeZone: 'Europe/Berlin', from: at('29T23:00'), to: at('2024-04-01T22:00') };

const CASES: readonly (readonly [title: string, series: readonly Series[], options: Options, lines: readonly Line[]])[] = [
  ['total', [total], {}, [['A', [3, 2, 1], 6]]],
  ['bots included', [total], { includeBots: true }, [['A', [3, 3, 1], 7]]],
  ['of one type', [[typed('page.view'), { kind: 'total' }]], {}, [['A', [2, 2, 0], 4]]],
  ['of one name', [buys], {}, [['A', [1, 0, 1], 2]]],
  ['of nothing', [[named('nope'), { kind: 'total' }]], {}, [['A', [0, 0, 0], 0]]],
  ['in the local days of Berlin', [total], berlin, [['A', [3, 2, 2], 7]]],
  ['a range that begins within a day', [total], { from: at('30T10:30') }, [['A', [2, 2, 1], 5]]],
  ['by week', [total], { interval: 'week' }, [['A', [5, 1], 6]]],
  ['by month', [total], { interval: 'month' }, [['A', [5, 1], 6]]],
  ['unique users: the total counts each once', [users], {}, [['A', [2, 2, 1], 3]]],
  ['per user', [[anyEvent, { kind: 'perUser' }]], {}, [['A', [1.5, 1, 1], 2]]],
  ['per user where there is none', [[named('buy'), { kind: 'perUser' }]], {}, [['A', [1, null, 1], 1]]],
  ['sessions', [[anyEvent, { kind: 'sessions' }]], {}, [['A', [2, 2, 0], 4]]],
  ['sum, numbers in text included', [[anyEvent, { kind: 'sum', field: price }]], {}, [['A', [30.5, 7, 2], 39.5]]],
  ['sum of nothing', [[named('buy'), { kind: 'sum', field: price }]], {}, [['A', [20.5, 0, 2], 22.5]]],
  ['average', [[anyEvent, { kind: 'avg', field: price }]], {}, [['A', [15.25, 7, 2], 9.875]]],
  ['average of nothing', [[named('buy'), { kind: 'avg', field: price }]], {}, [['A', [20.5, null, 2], 11.25]]],
  ['least', [[anyEvent, { kind: 'min', field: price }]], {}, [['A', [10, 7, 2], 2]]],
  ['greatest', [[anyEvent, { kind: 'max', field: price }]], {}, [['A', [20.5, 7, 2], 20.5]]],
  ['median', [[anyEvent, { kind: 'percentile', field: price, percentile: 50 }]], {}, [['A', [15.25, 7, 2], 8.5]]],
  ['percentile', [[anyEvent, { kind: 'percentile', field: price, percentile: 90 }]], {}, [['A', [19.45, 7, 2], 17.35]]],
  ['two series', [total, buys], {}, [['A', [3, 2, 1], 6], ['B', [1, 0, 1], 2]]],
  ['filtered', [total], { filter: where('properties.plan', 'eq', 'pro') }, [['A', [2, 1, 0], 3]]],
  ['filtered by session', [total], { filter: where('session.entry_path', 'eq', '/') }, [['A', [2, 1, 0], 3]]],
  ['not in a session', [total], { filter: where('session.session_id', 'notSet') }, [['A', [0, 0, 1], 1]]],
  ['by plan', [total], byPlan, [['A', [2, 1, 0], 3, ['pro']], ['A', [1, 0, 1], 2, ['free']], ['A', [0, 1, 0], 1, [null]]]],
  ['other', [total], { ...byPlan, breakdownLimit: 1 }, [['A', [2, 1, 0], 3, ['pro']], ['A', [1, 1, 1], 3, [null], true]]],
  ['other counts each user once', [users], { ...byPlan, breakdownLimit: 1 }, [['A', [1, 0, 1], 1, ['free']], ['A', [1, 2, 0], 2, [null], true]]],
  ['ranked by the measure', [[anyEvent, { kind: 'max', field: price }]], { ...byPlan, breakdownLimit: 2 }, [['A', [20.5, null, null], 20.5, ['pro']], ['A', [null, 7, null], 7, [null]], ['A', [null, null, 2], 2, [null], true]]],
  ['median by plan', [[anyEvent, { kind: 'percentile', field: price, percentile: 50 }]], byPlan, [['A', [15.25, null, null], 15.25, ['pro']], ['A', [null, 7, null], 7, [null]], ['A', [null, null, 2], 2, ['free']]]],
  ['by session', [total], { breakdowns: [{ field: 'session.entry_path' }] }, [['A', [2, 1, 0], 3, ['/']], ['A', [0, 1, 0], 1, ['/a']], ['A', [1, 0, 0], 1, ['/x']], ['A', [0, 0, 1], 1, [null]]]],
  ['by two fields', [total], { breakdowns: [{ field: 'properties.plan' }, { field: 'page.path' }], breakdownLimit: 2 }, [['A', [1, 1, 0], 2, ['pro', '/']], ['A', [1, 0, 0], 1, ['free', '/']], ['A', [1, 1, 1], 3, [null, null], true]]],
  ['no lines where nothing is', [[named('nope'), { kind: 'total' }]], byPlan, []],
  ['formula', [buys, users], { formula: 'A / B * 100' }, [['A / B * 100', [50, 0, 100], (2 / 3) * 100]]],
  ['formula divided by zero', [buys, users], { formula: 'B / A' }, [['B / A', [2, null, 1], 1.5]]],
  ['formula by plan, with the values of A', [buys, total], { ...byPlan, breakdownLimit: 1, formula: 'B - A' }, [['B - A', [1, 0, 0], 1, ['free']], ['B - A', [1, 2, 0], 3, [null], true]]],
  ['cumulative total', [total], { cumulative: true }, [['A', [3, 5, 6], 6]]],
  ['cumulative users', [users], { cumulative: true }, [['A', [2, 3, 3], 3]]],
  ['cumulative average', [[anyEvent, { kind: 'avg', field: price }]], { cumulative: true }, [['A', [15.25, 12.5, 9.875], 9.875]]],
  ['cumulative per user', [[anyEvent, { kind: 'perUser' }]], { cumulative: true }, [['A', [1.5, 5 / 3, 2], 2]]],
  ['cumulative least', [[anyEvent, { kind: 'min', field: price }]], { cumulative: true }, [['A', [10, 7, 2], 2]]],
  ['cumulative by plan', [users], { ...byPlan, cumulative: true, breakdownLimit: 1 }, [['A', [1, 1, 1], 1, ['free']], ['A', [1, 2, 2], 2, [null], true]]],
]; // prettier-ignore

export function trendCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => void (world = await worldOf(fixture(), ROWS)));

  const trend = (series: readonly Series[], options: Options) =>
    world.ask('trend', {
      series: series.map(([event, measure], i) => ({ label: 'ABC'.charAt(i), event, measure })),
      ...options,
    });

  it.each(CASES)('%s', async (...[, series, options, lines]) => {
    const answer = await trend(series, options);
    const expected = lines.map(([label, values, sum, breakdown = [], other = false]) => ({
      label,
      breakdown,
      other,
      values: values.map(near),
      total: near(sum),
    }));
    expect(answer.lines).toEqual(expected);
    expect(answer.previous).toBeNull();
  });

  it('names its buckets, the first one from its own start', async () => {
    const { buckets } = await trend([total], { ...berlin, from: berlin.from + 1 });
    expect(buckets).toEqual([at('29T23:00'), at('30T23:00'), at('31T22:00')]);
  });

  it('gives the day of the change 23 hours', async () => {
    const { buckets, lines } = await trend([total], {
      ...berlin,
      from: at('30T23:00'),
      to: at('31T22:00'),
      interval: 'hour',
    });
    expect(buckets).toHaveLength(23);
    expect(lines[0]?.values.flatMap((value, hour) => (value === 0 ? [] : [[hour, value]]))).toEqual([[0, 1], [11, 1]]); // prettier-ignore
  });

  it('compares with the range before', async () => {
    const answer = await trend([total], { from: at('31T00:00'), comparePrevious: true });
    expect(answer.lines).toMatchObject([{ values: [2, 1], total: 3 }]);
    expect(answer.previous).toMatchObject({
      buckets: [at('29T00:00'), at('30T00:00')],
      lines: [{ label: 'A', values: [1, 3], total: 4 }],
    });
  });

  it('compares the values of the current range', async () => {
    const { lines, previous } = await trend([total], {
      ...byPlan,
      from: at('31T00:00'),
      comparePrevious: true,
      breakdownLimit: 2,
    });
    const short = (all: typeof lines) => all.map(({ breakdown, other, values }) => [breakdown[0], other, values]);
    expect(short(lines)).toEqual([['free', false, [0, 1]], ['pro', false, [1, 0]], [null, true, [1, 0]]]); // prettier-ignore
    expect(short(previous?.lines ?? [])).toEqual([['free', false, [0, 1]], ['pro', false, [0, 2]], [null, true, [1, 0]]]); // prettier-ignore
  });
}

function near(value: number | null): unknown {
  return value === null || Number.isInteger(value) ? value : expect.closeTo(value, 9);
}
