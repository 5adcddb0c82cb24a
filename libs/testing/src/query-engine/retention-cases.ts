import type { RetentionQuestion } from '@productgraph/domain-query';
import { beforeAll, expect, it } from 'vitest';
import { at, named, type QueryEngineFixture, type Rows, typed, where, type World, worldOf } from './world.ts';

const DAY = 86_400_000;
const FIRST = at('2024-03-26T00:00');

/** `3` = a visit on day 3 at noon, `3b` = a purchase then, `3h` = a visit an hour later. */
function visits(userId: string, words: string): Rows['events'] {
  return words.split(' ').map((word, i) => ({
    eventId: `${userId}-${i}`,
    timestamp: FIRST + (Number.parseInt(word, 10) + 0.5) * DAY + (word.endsWith('h') ? 3_600_000 : 0),
    userId,
    ...(word.endsWith('b') ? { type: 'custom' as const, name: 'buy' } : {}),
  }));
}

/** Days 0 to 4 are asked for; day −1 lies before. */
const ROWS: Rows = {
  events: [
    ...visits('ann', '0 0h 1 2 3b'),
    ...visits('bob', '0 2 2h'),
    ...visits('cat', '1b 1h 4'),
    ...visits('old', '-1 1 2'),
    ...visits('end', '4 5'),
    ...visits('bot', '0 1').map((event) => ({ ...event, flags: 1 })),
  ],
  range: { from: FIRST, to: FIRST + 5 * DAY },
};

type Options = Partial<Omit<RetentionQuestion, 'kind'>>;
type Cohort = readonly [size: number, ...returned: (number | null)[]];
const buy = { return: named('buy') };

const CASES: readonly (readonly [title: string, options: Options, cohorts: readonly Cohort[]])[] = [
  ['first time, on', {}, [[2, 2, 1, 2], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, null], [1, 1, null, null]]],
  ['first time, on or after', { mode: 'onOrAfter' }, [[2, 2, 2, 2], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, null], [1, 1, null, null]]],
  ['more periods', { periods: 4 }, [[2, 2, 1, 2, 1, 0], [1, 1, 0, 0, 1, null], [0, 0, 0, 0, null, null], [0, 0, 0, null, null, null], [1, 1, null, null, null, null]]],
  ['on or after, more periods', { periods: 4, mode: 'onOrAfter' }, [[2, 2, 2, 2, 1, 0], [1, 1, 1, 1, 1, null], [0, 0, 0, 0, null, null], [0, 0, 0, null, null, null], [1, 1, null, null, null, null]]],
  ['recurring', { cohort: 'recurring' }, [[2, 2, 1, 2], [3, 3, 2, 1], [3, 3, 1, 0], [1, 1, 0, null], [2, 2, null, null]]],
  ['at least twice', { minimumCount: 2 }, [[2, 1, 0, 1], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, null], [1, 0, null, null]]],
  ['back to buy', buy, [[2, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, null], [1, 0, null, null]]],
  ['from the first page view, to buy', { ...buy, start: typed('page.view'), periods: 3 }, [[2, 0, 0, 0, 1], [1, 0, 0, 0, 0], [0, 0, 0, 0, null], [0, 0, 0, null, null], [1, 0, null, null, null]]],
  ['a start earlier than the range keeps out', { start: { ...typed('page.view'), filter: where('user.id', 'eq', 'old') } }, [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, null], [0, 0, null, null]]],
  ['bots included', { includeBots: true }, [[3, 3, 2, 2], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, null], [1, 1, null, null]]],
  ['by week', { interval: 'week', cohort: 'recurring' }, [[5, 5, null, null]]],
]; // prettier-ignore

export function retentionCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => void (world = await worldOf(fixture(), ROWS)));

  it.each(CASES)('%s', async (_, options, expected) => {
    const { cohorts } = await world.ask('retention', { periods: 2, ...options });
    expect(cohorts.map(({ size, returned }) => [size, ...returned])).toEqual(expected);
  });

  it('names its cohorts', async () => {
    const { cohorts } = await world.ask('retention', { periods: 1, to: FIRST + 2 * DAY, timeZone: 'Europe/Berlin' });
    expect(cohorts.map(({ start }) => start)).toEqual([at('25T23:00'), at('26T23:00'), at('27T23:00')]);
  });
}
