import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveQuestion, type Asked } from './defaults.ts';
import type { FunnelEvent } from './funnel-attempts.ts';
import { funnelFold, funnelUsersFold } from './funnel-fold.ts';
import type { FunnelQuestion } from './questions.ts';

const any = { type: null, name: null, filter: null };

function question(steps: number, given: Partial<Asked<'funnel'>> = {}): FunnelQuestion {
  return resolveQuestion('funnel', {
    projectId: '',
    from: 0,
    to: 1_000,
    steps: Array.from({ length: steps }, (_, i) => ({ name: `s${i}`, event: any })),
    windowMs: 10,
    ...given,
  });
}

/**
 * Events from a word: `A0` = matches step 0 at time 0, `AB5` = steps 0 and 1, `x5` = exclusion 0, `.5` = something else,
 * `A0=v` = with the value v.
 */
function events(text: string): FunnelEvent[] {
  return text.split(' ').map((word, ordinal) => {
    const [, letters = '', at = '0', value] = /^([A-Fx.]+)(\d+)(?:=(\w+))?$/.exec(word) ?? [];
    const bits = Array.from(letters)
      .map((letter) => 'ABCDEF'.indexOf(letter))
      .filter((bit) => bit >= 0);
    return {
      at: Number(at),
      steps: bits.reduce((mask, bit) => mask | (1 << bit), 0),
      exclusions: letters.includes('x') ? 1 : 0,
      ordinal,
      held: value ?? null,
      value: value ?? null,
    };
  });
}

function counts(asked: FunnelQuestion, ...users: string[]): number[] {
  const fold = funnelFold(asked);
  users.forEach((user, i) => fold.add({ userKey: `u:${i}`, events: events(user) }));
  return fold.answer().groups[0]?.steps.map(({ count }) => count) ?? [];
}

describe('an ordered funnel', () => {
  it.each([
    ['in order', 'A0 B1 C2', [1, 1, 1]],
    ['others between', 'A0 .1 B2 A3 C4', [1, 1, 1]],
    ['out of order', 'C0 B1 A2', [1, 0, 0]],
    ['no first step', 'B1 C2', [0, 0, 0]],
    ['window inclusive', 'A0 B5 C10', [1, 1, 1]],
    ['window passed', 'A0 B5 C11', [1, 1, 0]],
    ['a later attempt converts', 'A0 A5 B11 C12', [1, 1, 1]],
    ['the window counts from the first step', 'A0 B9 C12', [1, 1, 0]],
    ['an event fulfils one step only', 'AB0', [1, 0, 0]],
    ['the same event does for two attempts', 'AB0 AB1 C2', [1, 1, 1]],
    ['a step repeated', 'A0 ABC1 ABC2', [1, 1, 1]],
    ['equal times in the order given', 'B0 A0 C0', [1, 0, 0]],
  ])('%s', (_, user, expected) => {
    expect(counts(question(3), user)).toEqual(expected);
  });

  it('takes the best attempt, of equals the earliest', () => {
    const fold = funnelFold(question(3));
    fold.add({ userKey: 'u', events: events('A0 A4 B6 A20 B25 C26 A40 B41 C42') });
    const [group] = fold.answer().groups;
    expect(group?.steps.map(({ medianTimeMs }) => medianTimeMs)).toEqual([null, 5, 1]);
  });
});

describe('exclusions', () => {
  const excluding = (after: number, before: number) => question(3, { exclusions: [{ event: any, after, before }] });
  it.each([
    ['between the steps', excluding(0, 1), 'A0 x1 B2 C3', [0, 0, 0]],
    ['after the step before', excluding(0, 1), 'A0 B1 x2 C3', [1, 1, 1]],
    ['before the first', excluding(0, 1), 'x0 A0 B1', [1, 1, 0]],
    ['another attempt without', excluding(0, 1), 'A0 x1 A2 B3', [1, 1, 0]],
    ['between later steps', excluding(1, 2), 'A0 x1 B2 C3', [1, 1, 1]],
    ['between later steps, there', excluding(1, 2), 'A0 B1 x2 C3', [0, 0, 0]],
    ['across a step', excluding(0, 2), 'A0 B1 x2 C3', [0, 0, 0]],
    ['though the step never comes', excluding(0, 1), 'A0 x1', [0, 0, 0]],
    ['only within the window', excluding(0, 1), 'A0 x11', [1, 0, 0]],
    ['no event that is a step', excluding(0, 2), 'A0 Bx1 C2', [1, 1, 1]],
  ])('%s', (...[, asked, user, expected]) => {
    expect(counts(asked, user)).toEqual(expected);
  });
});

describe('a property held constant', () => {
  const held = question(2, { holdConstant: 'page.path', exclusions: [{ event: any, after: 0, before: 1 }] });
  it.each([
    ['the same', 'A0=x B1=x', [1, 1]],
    ['another', 'A0=x B1=y', [1, 0]],
    ['a later one', 'A0=x A1=y B2=y', [1, 1]],
    ['not set', 'A0 B1', [0, 0]],
    ['excluded by the same value', 'A0=x x1=x B2=x', [0, 0]],
    ['excluded by an event without', 'A0=x x1 B2=x', [0, 0]],
    ['not by another value', 'A0=x x1=y B2=x', [1, 1]],
  ])('%s', (_, user, expected) => {
    expect(counts(held, user)).toEqual(expected);
  });
});

describe('a strict funnel', () => {
  const strict = question(3, { order: 'strict' });
  it.each([
    ['nothing between', 'A0 B1 C2', [1, 1, 1]],
    ['another event between', 'A0 .1 B2', [1, 0, 0]],
    ['the first step again', 'A0 A1 B2 C3', [1, 1, 1]],
    ['window', 'A0 B1 C11', [1, 1, 0]],
    ['out of order', 'A0 C1 B2', [1, 0, 0]],
  ])('%s', (_, user, expected) => {
    expect(counts(strict, user)).toEqual(expected);
  });

  it('sees by the ordinal what the store left out', () => {
    const [a, , b] = events('A0 .1 B2');
    const fold = funnelFold(question(2, { order: 'strict' }));
    if (a !== undefined && b !== undefined) fold.add({ userKey: 'u', events: [a, b] });
    expect(fold.answer().groups[0]?.steps.map(({ count }) => count)).toEqual([1, 0]);
  });
});

describe('steps in any order', () => {
  const free = question(3, { order: 'any' });
  it.each([
    ['backwards', 'C0 B1 A2', [1, 1, 1]],
    ['one of them twice', 'C0 C1 A2', [1, 1, 0]],
    ['window', 'C0 B1 A11', [1, 1, 0]],
    ['window of a later attempt', 'C0 B5 C10 A11', [1, 1, 1]],
    ['each event for one step: the assignment is found', 'AB0 A1', [1, 1, 0]],
    ['the assignment is found across three', 'ABC0 AB1 A2', [1, 1, 1]],
    ['one event for all', 'ABC0', [1, 0, 0]],
    ['none', '.0', [0, 0, 0]],
  ])('%s', (_, user, expected) => {
    expect(counts(free, user)).toEqual(expected);
  });
});

describe('the answer', () => {
  it('has conversion, drop-off, times and histogram', () => {
    const fold = funnelFold(question(2, { windowMs: 100_000 }));
    fold.add({ userKey: 'a', events: events('A0 B1000') });
    fold.add({ userKey: 'b', events: events('A0 B4000') });
    fold.add({ userKey: 'c', events: events('A0') });
    expect(fold.answer().groups).toEqual([
      {
        other: false,
        steps: [
          { name: 's0', count: 3, conversion: 1, conversionFromPrevious: 1, dropped: 0, medianTimeMs: null, averageTimeMs: null },
          { name: 's1', count: 2, conversion: 2 / 3, conversionFromPrevious: 2 / 3, dropped: 1, medianTimeMs: 2500, averageTimeMs: 2500 },
        ],
        histogram: [
          { upToMs: 1_000, count: 1 },
          { upToMs: 10_000, count: 1 },
          { upToMs: 30_000, count: 0 },
          { upToMs: 60_000, count: 0 },
          { upToMs: null, count: 0 },
        ],
      },
    ]); // prettier-ignore
  });

  it('is not divided by nobody', () => {
    const [first, second] = funnelFold(question(2)).answer().groups[0]?.steps ?? [];
    expect(first).toMatchObject({ count: 0, conversion: null, conversionFromPrevious: null });
    expect(second).toMatchObject({ count: 0, conversion: null, dropped: 0 });
  });

  it.each([
    [
      'first',
      [
        ['x', 2, 1],
        ['y', 1, 0],
      ],
    ],
    [
      'last',
      [
        ['x', 1, 0],
        ['y', 1, 0],
        ['z', 1, 1],
      ],
    ],
    [
      { step: 1 },
      [
        [null, 2, 0],
        ['z', 1, 1],
      ],
    ],
  ] as const)('breaks down by the value of the step %j', (attribution, expected) => {
    const fold = funnelFold(question(2, { breakdown: { field: 'page.path' }, attribution }));
    ['A0=x B1=z', 'A0=x', 'A0=y'].forEach((user) => fold.add({ userKey: user, events: events(user) }));
    const groups = fold.answer().groups.map(({ breakdown, steps }) => [breakdown, steps[0]?.count, steps[1]?.count]);
    expect(groups).toEqual(expected);
  });

  it('sums the values beyond the limit', () => {
    const fold = funnelFold(question(2, { breakdown: { field: 'page.path' }, breakdownLimit: 1 }));
    ['A0=x', 'A0=x', 'A0=y B3=y', 'A0=z B5=z'].forEach((user, i) =>
      fold.add({ userKey: `${i}`, events: events(user) }),
    );
    const [kept, other] = fold.answer().groups;
    expect(kept).toMatchObject({ breakdown: 'x', other: false, steps: [{ count: 2 }, { count: 0 }] });
    expect(other).toMatchObject({ breakdown: null, other: true, steps: [{ count: 2 }, { count: 2, medianTimeMs: 4 }] });
  });

  it('has a trend by the bucket of the first step', () => {
    const minute = 60_000;
    const fold = funnelFold(question(2, { trendInterval: 'minute', to: 3 * minute, windowMs: minute }));
    fold.add({ userKey: 'a', events: events(`A0 A1 B2 A${minute} A${2 * minute} B${2 * minute + 1}`) });
    fold.add({ userKey: 'b', events: events('A5') });
    expect(fold.answer().trend).toEqual([
      { bucket: 0, entered: 2, converted: 1 },
      { bucket: minute, entered: 1, converted: 0 },
      { bucket: 2 * minute, entered: 1, converted: 1 },
    ]);
  });

  it('lists who is behind a bar', () => {
    const users = { a: 'A2 B3 C4', b: 'A1 B3', c: 'A0' };
    const list = (step: number, outcome: 'converted' | 'dropped', limit = 10): string[] => {
      const fold = funnelUsersFold({ kind: 'funnelUsers', funnel: question(3), step, outcome, limit });
      for (const [userKey, user] of Object.entries(users)) fold.add({ userKey, events: events(user) });
      return fold.answer().map(({ userKey }) => userKey);
    };
    expect(list(0, 'converted')).toEqual(['c', 'b', 'a']);
    expect(list(1, 'converted')).toEqual(['b', 'a']);
    expect(list(1, 'dropped')).toEqual(['c']);
    expect(list(2, 'dropped')).toEqual(['b']);
    expect(list(0, 'converted', 1)).toEqual(['c']);
  });

  it('lists a user once, with the earliest entry', () => {
    const fold = funnelUsersFold({ kind: 'funnelUsers', funnel: question(2), step: 0, outcome: 'converted', limit: 5 });
    fold.add({ userKey: 'a', events: events('A7') });
    fold.add({ userKey: 'a', events: events('A3') });
    expect(fold.answer()).toEqual([{ userKey: 'a', enteredAt: 3 }]);
  });
});

/** Greatest number of steps over every choice of events: what greedy and matching must reach. */
function exhaustive(asked: FunnelQuestion, own: readonly FunnelEvent[]): number {
  const { steps, order, windowMs } = asked;
  let best = 0;
  const follow = (
    { done, reached, last }: { done: number; reached: number; last: number },
    first: FunnelEvent,
  ): void => {
    best = Math.max(best, reached);
    for (let i = last + 1; i < own.length; i++) {
      const event = own[i];
      if (event === undefined || event.at - first.at > windowMs || (order === 'strict' && i > last + 1)) return;
      for (let step = 0; step < steps.length; step++) {
        const open = order === 'any' ? (done & (1 << step)) === 0 : step === reached;
        if (open && (event.steps & (1 << step)) !== 0)
          follow({ done: done | (1 << step), reached: reached + 1, last: i }, first);
      }
    }
  };
  own.forEach((event, i) => {
    for (let step = 0; step < (order === 'any' ? steps.length : 1); step++) {
      if ((event.steps & (1 << step)) !== 0) follow({ done: 1 << step, reached: 1, last: i }, event);
    }
  });
  return best;
}

describe('against every possible choice of events', () => {
  const user = fc.array(fc.record({ gap: fc.nat(4), steps: fc.nat(7) }), { maxLength: 9 }).map((list) => {
    let at = 0;
    return list.map(({ gap, steps }, ordinal) => ({
      at: (at += gap),
      steps,
      exclusions: 0,
      ordinal,
      held: null,
      value: null,
    }));
  });
  it.each(['ordered', 'strict', 'any'] as const)('%s', (order) => {
    fc.assert(
      fc.property(user, (own) => {
        const asked = question(3, { order });
        const fold = funnelFold(asked);
        fold.add({ userKey: 'u', events: own });
        const reached = fold.answer().groups[0]?.steps.filter(({ count }) => count === 1).length;
        expect(reached).toBe(exhaustive(asked, own));
      }),
      { numRuns: 500 },
    );
  });
});
