import type { SessionRow } from '@productgraph/contracts';
import { describe, expect, it } from 'vitest';
import { isBounce, mergeSessions } from './sessions.ts';

function part(given: Partial<SessionRow>): SessionRow {
  return {
    projectId: 'p', sessionId: 's', userKey: 'u:1', lane: 0, version: { revision: 0, generation: 1, offset: 0, rank: 0 },
    state: 'closed', mergedInto: null, userId: null, anonymousId: null, openedReceivedAt: 0, start: 0, end: 0, events: 1,
    pageViews: 0, errors: 0, entryPath: null, exitPath: null, referrer: null, utmSource: null, utmMedium: null,
    utmCampaign: null, userAgent: null, isBot: false, lateEvents: 0, ...given,
  }; // prettier-ignore
}

describe('mergeSessions', () => {
  it('takes the least start, the greatest end, sums, the first entry and the last exit', () => {
    const parts = [
      part({ userKey: 'u:1', start: 50, end: 90, events: 4, pageViews: 1, errors: 1, entryPath: '/b', exitPath: '/c', utmSource: 'x', isBot: true }),
      part({ userKey: 'a:9', start: 10, end: 60, events: 3, pageViews: 2, entryPath: '/a', exitPath: '/z', referrer: 'r', userAgent: 'ua' }),
      part({ userKey: 'a:9', lane: 1, start: 20, end: 95, events: 1 }),
    ]; // prettier-ignore
    expect(mergeSessions(parts)).toEqual([
      {
        sessionId: 's', part: '', userKeys: ['a:9', 'u:1'], state: 'closed', start: 10, end: 95, durationMs: 85, events: 8,
        pageViews: 3, errors: 1, isBounce: false, entryPath: '/a', exitPath: '/c', referrer: 'r', utmSource: 'x',
        utmMedium: null, utmCampaign: null, userAgent: 'ua', isBot: true,
      },
    ]); // prettier-ignore
  });

  it.each([
    [['open', 'settled'], 'open'],
    [['closed', 'settled'], 'closed'],
    [['settled', 'settled'], 'settled'],
    [['settled', 'merged'], 'settled'],
  ] as const)('of %j makes %s', (states, expected) => {
    const parts = states.map((state, lane) => part({ state, lane }));
    expect(mergeSessions(parts)).toMatchObject([
      { state: expected, events: parts.filter((p) => p.state !== 'merged').length },
    ]);
  });

  it('leaves out what was merged away', () => {
    expect(mergeSessions([part({ state: 'merged' })])).toEqual([]);
  });

  const users = (count: number, start = 0): SessionRow[] =>
    Array.from({ length: count }, (_, i) => part({ userKey: `u:${i}`, start, end: start }));

  it('merges the parts of 20 users in a day', () => {
    expect(mergeSessions(users(20))).toMatchObject([{ part: '', events: 20 }]);
  });

  it('merges 20 of one day with others of the next', () => {
    expect(mergeSessions([...users(20), ...users(21, 86_400_000).slice(20)])).toHaveLength(1);
  });

  it('takes an id of 21 users in a day for a shared constant', () => {
    const sessions = mergeSessions([...users(21), part({ userKey: 'u:3', lane: 1, events: 5 })]);
    expect(sessions).toHaveLength(21);
    expect(sessions.find((session) => session.part === 'u:3')).toMatchObject({ events: 6, userKeys: ['u:3'] });
  });
});

describe('isBounce', () => {
  it.each([
    [0, 0, true],
    [0, 1, true],
    [0, 2, false],
    [1, 9, true],
    [2, 2, false],
  ])('%i page views of %i events: %s', (pageViews, events, is) => {
    expect(isBounce(pageViews, events)).toBe(is);
  });
});
