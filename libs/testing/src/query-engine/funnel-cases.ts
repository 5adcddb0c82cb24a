import type { FunnelQuestion } from '@productgraph/domain-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyEvent, at, named, type QueryEngineFixture, type Rows, typed, where, type World, worldOf } from './world.ts';

const MINUTE = 60_000;
const START = at('30T10:00');

/** `A3` = event A at minute 3; `A3=x` with properties.cart x. */
function eventsOf(userId: string, words: string, sessionId: string | null = null): Rows['events'] {
  return words.split(' ').map((word, i) => {
    const [, name = '', minute = '0', cart] = /^([A-Z])([\d.]+)(?:=(\w+))?$/.exec(word) ?? [];
    return {
      eventId: `${userId}-${sessionId ?? ''}-${String(i).padStart(3, '0')}`,
      timestamp: START + Number(minute) * MINUTE,
      type: 'custom',
      name,
      userId,
      sessionId,
      properties: cart === undefined ? '{}' : `{"cart":"${cart}"}`,
    } as const;
  });
}

const ROWS: Rows = {
  events: [
    ...eventsOf('full', 'A0=x B1=x C2=x'),
    ...eventsOf('between', 'A0=x X1 B2=y D3 C10'),
    ...eventsOf('late', 'A0=y B5 C10.1'),
    ...eventsOf('twice', 'A0 A8 B9 C17'),
    ...eventsOf('back', 'C0 B1 A2'),
    ...eventsOf('none', 'B0 C1'),
    { ...eventsOf('bot', 'A0')[0], timestamp: START, flags: 1 },
  ],
};

const step = (name: string) => ({ name, event: named(name) });
const STEPS = ['A', 'B', 'C'].map(step);
const exclude = (after: number, before: number) => [{ event: named('X'), after, before }];

type Options = Partial<Omit<FunnelQuestion, 'kind'>>;

const COUNTS: readonly (readonly [title: string, options: Options, counts: readonly number[]])[] = [
  ['ordered', {}, [5, 4, 3]],
  ['bots included', { includeBots: true }, [6, 4, 3]],
  ['a longer window', { windowMs: 10.1 * MINUTE }, [5, 4, 4]],
  ['strict', { order: 'strict' }, [5, 3, 2]],
  ['strict among filtered events', { order: 'strict', filter: where('event.name', 'notIn', 'X', 'D') }, [5, 4, 3]],
  ['any order', { order: 'any' }, [6, 6, 4]],
  ['exclusion between the first two', { exclusions: exclude(0, 1) }, [4, 3, 2]],
  ['exclusion between the last two', { exclusions: exclude(1, 2) }, [5, 4, 3]],
  ['exclusion across', { exclusions: exclude(0, 2) }, [4, 3, 2]],
  ['the same cart', { holdConstant: 'properties.cart', steps: [step('A'), step('B')] }, [3, 1]],
  ['a step of any event', { steps: [step('A'), { name: 'any', event: anyEvent }], order: 'strict' }, [5, 4]],
  ['a step by type and filter', { steps: [{ name: 't', event: { ...typed('custom'), filter: where('properties.cart', 'set') } }, step('C')] }, [3, 2]],
  ['all within the range', { to: START + 5 * MINUTE }, [5, 2, 1]],
]; // prettier-ignore

export function funnelCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => void (world = await worldOf(fixture(), ROWS)));
  const funnel = (options: Options) => world.ask('funnel', { steps: STEPS, windowMs: 10 * MINUTE, ...options });

  it.each(COUNTS)('%s', async (_, options, counts) => {
    const { groups } = await funnel(options);
    expect(groups.map(({ steps }) => steps.map(({ count }) => count))).toEqual([counts]);
  });

  it('tells conversion, drop-off, times and histogram', async () => {
    const { groups, trend } = await funnel({});
    expect(trend).toEqual([]);
    expect(groups).toMatchObject([
      {
        other: false,
        steps: [
          { name: 'A', count: 5, conversion: 1, dropped: 0, medianTimeMs: null },
          { name: 'B', count: 4, conversion: 0.8, conversionFromPrevious: 0.8, dropped: 1, medianTimeMs: 1.5 * MINUTE, averageTimeMs: (9 / 4) * MINUTE },
          { name: 'C', count: 3, conversion: 0.6, conversionFromPrevious: 0.75, dropped: 1, medianTimeMs: 8 * MINUTE, averageTimeMs: (17 / 3) * MINUTE },
        ],
        histogram: [{ count: 0 }, { count: 0 }, { count: 0 }, { count: 0 }, { upToMs: 5 * MINUTE, count: 1 }, { upToMs: null, count: 2 }],
      },
    ]); // prettier-ignore
  });

  it.each([
    [
      'first',
      [
        [null, 2, 1],
        ['x', 2, 2],
        ['y', 1, 0],
      ],
    ],
    [
      'last',
      [
        [null, 4, 2],
        ['x', 1, 1],
      ],
    ],
    [
      { step: 1 },
      [
        [null, 3, 1],
        ['x', 1, 1],
        ['y', 1, 1],
      ],
    ],
  ] as const)('breaks down by the value at the step %j', async (attribution, expected) => {
    const { groups } = await funnel({ breakdown: { field: 'properties.cart' }, attribution });
    const found = groups.map(({ breakdown, steps }) => [breakdown, steps[0]?.count, steps[2]?.count]);
    expect(found).toEqual(expected.toSorted((a, b) => b[1] - a[1] || (a[0] === null ? 1 : b[0] === null ? -1 : 0)));
  });

  it('sums groups beyond the limit', async () => {
    const { groups } = await funnel({ breakdown: { field: 'properties.cart' }, breakdownLimit: 1 });
    expect(groups).toMatchObject([
      { breakdown: 'x', other: false, steps: [{ count: 2 }, { count: 2 }, { count: 2 }] },
      { breakdown: null, other: true, steps: [{ count: 3 }, { count: 2 }, { count: 1 }] },
    ]);
  });

  it('has a trend by the time of entry', async () => {
    const { trend } = await funnel({ trendInterval: 'minute', from: START, to: START + 18 * MINUTE });
    expect(trend).toHaveLength(18);
    expect(trend.filter(({ entered }) => entered > 0)).toEqual([
      { bucket: START, entered: 4, converted: 2 },
      { bucket: START + 2 * MINUTE, entered: 1, converted: 0 },
      { bucket: START + 8 * MINUTE, entered: 1, converted: 1 },
    ]);
  });

  it.each([
    [0, 'converted', ['between', 'full', 'late', 'back', 'twice']],
    [2, 'converted', ['between', 'full', 'twice']],
    [1, 'dropped', ['back']],
    [2, 'dropped', ['late']],
  ] as const)('lists who is behind step %i: %s', async (number, outcome, users) => {
    const asked = world.question('funnel', { steps: STEPS, windowMs: 10 * MINUTE });
    const answer = await world.run({ kind: 'funnelUsers', funnel: asked, step: number, outcome, limit: 10 });
    expect(answer.users.map(({ userKey }) => userKey)).toEqual(users.map((user) => `u:${user}`));
  });

  it('lists the time of entry, and no more than asked for', async () => {
    const asked = world.question('funnel', { steps: STEPS, windowMs: 10 * MINUTE });
    const answer = await world.run({ kind: 'funnelUsers', funnel: asked, step: 2, outcome: 'converted', limit: 3 });
    expect(answer.users[2]).toEqual({ userKey: 'u:twice', enteredAt: START + 8 * MINUTE });
    const one = await world.run({ kind: 'funnelUsers', funnel: asked, step: 2, outcome: 'converted', limit: 1 });
    expect(one.users).toHaveLength(1);
  });

  describe('ties', () => {
    it('go by sequence, then by event id', async () => {
      const own = await worldOf(fixture(), {
        events: [
          { timestamp: START, eventId: 'a', sequence: 2, type: 'custom', name: 'A', userId: 'sequence' },
          { timestamp: START, eventId: 'b', sequence: 1, type: 'custom', name: 'B', userId: 'sequence' },
          { timestamp: START, eventId: 'x', type: 'custom', name: 'A', userId: 'ids' },
          { timestamp: START, eventId: 'y', type: 'custom', name: 'B', userId: 'ids' },
        ],
      });
      const { users } = await own.run({
        kind: 'funnelUsers',
        funnel: own.question('funnel', { steps: [step('A'), step('B')] }),
        step: 1,
        outcome: 'converted',
        limit: 10,
      });
      expect(users.map(({ userKey }) => userKey)).toEqual(['u:ids']);
    });
  });

  describe('per session', () => {
    const part = (sessionId: string, userKey: string, minutes: readonly [number, number]) => ({
      sessionId,
      userKey,
      start: START + minutes[0] * MINUTE,
      end: START + minutes[1] * MINUTE,
    });
    it('counts sessions, across a login', async () => {
      const own = await worldOf(fixture(), {
        events: [
          ...eventsOf('ann', 'A0 A20 B21'),
          ...eventsOf('bob', 'B2', 'shared'),
          { ...eventsOf('x', 'A1', 'shared')[0], timestamp: START + MINUTE, userId: null, anonymousId: 'b' },
          ...eventsOf('nowhere', 'A0 B1'),
        ],
        sessions: [
          part('s1', 'u:ann', [0, 0]),
          part('s2', 'u:ann', [20, 21]),
          part('shared', 'a:b', [1, 1]),
          part('shared', 'u:bob', [2, 2]),
        ],
      });
      const steps = [step('A'), step('B')];
      const count = async (per: 'user' | 'session'): Promise<number[] | undefined> =>
        (await own.ask('funnel', { steps, per, windowMs: 60 * MINUTE })).groups[0]?.steps.map((one) => one.count);
      expect(await count('session')).toEqual([3, 2]);
      expect(await count('user')).toEqual([3, 2]);
      const users = await own.run({
        kind: 'funnelUsers',
        funnel: own.question('funnel', { steps, per: 'session' }),
        step: 0,
        outcome: 'converted',
        limit: 10,
      });
      expect(users.users.map(({ userKey }) => userKey)).toEqual(['u:ann', 'a:b']);
    });
  });
}
