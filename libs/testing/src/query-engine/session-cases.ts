import type { SessionRow } from '@productgraph/contracts';
import { SHARED_SESSION_USERS, type SessionMetricsQuestion, type SessionsQuestion } from '@productgraph/domain-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { and, at, not, type QueryEngineFixture, type Rows, where, type World, worldOf } from './world.ts';

const MINUTE = 60_000;
const version = { revision: 0, generation: 1, offset: 0, rank: 0 };

/** A login within `login`, a bot, two lanes of one user, one merged away, one before the range. */
const SESSIONS: readonly Partial<SessionRow>[] = [
  { sessionId: 'login', userKey: 'a:c', start: at('30T10:00'), end: at('30T10:05'), events: 3, pageViews: 2, errors: 1, entryPath: '/in', exitPath: '/form', referrer: 'https://x', utmSource: 'mail', state: 'settled', userAgent: 'Firefox' },
  { sessionId: 'login', userKey: 'u:ann', start: at('30T10:05'), end: at('30T10:20'), events: 4, pageViews: 3, entryPath: '/form', exitPath: '/out', state: 'closed' },
  { sessionId: 'bounce', userKey: 'u:bob', start: at('31T09:00'), end: at('31T09:00'), entryPath: '/in', exitPath: '/in', state: 'settled' },
  { sessionId: 'silent', userKey: 'u:bob', start: at('31T11:00'), end: at('31T11:00:30'), events: 2, pageViews: 0, entryPath: null, exitPath: null },
  { sessionId: 'lanes', userKey: 'u:dan', lane: 0, start: at('31T23:30'), end: at('2024-04-01T00:30'), events: 10, pageViews: 1, entryPath: '/a', exitPath: '/a' },
  { sessionId: 'lanes', userKey: 'u:dan', lane: 1, start: at('31T23:00'), end: at('31T23:40'), events: 5, pageViews: 1, entryPath: '/b', exitPath: '/b' },
  { sessionId: 'robot', userKey: 'u:bot', start: at('31T12:00'), end: at('31T12:00'), isBot: true, entryPath: '/robots.txt' },
  { sessionId: 'gone', userKey: 'u:ann', start: at('30T12:00'), end: at('30T12:00'), state: 'merged', mergedInto: 'login' },
  { sessionId: 'before', userKey: 'u:ann', start: at('29T23:50'), end: at('30T00:10') },
  { sessionId: 'early', userKey: 'a:c', start: at('29T23:59'), end: at('30T00:10') },
  { sessionId: 'early', userKey: 'u:ann', start: at('30T00:10'), end: at('30T00:11') },
]; // prettier-ignore

const ROWS: Rows = {
  sessions: SESSIONS,
  events: [
    { timestamp: at('30T10:01'), userId: null, anonymousId: 'c', pagePath: '/in' },
    { timestamp: at('30T10:10'), type: 'custom', name: 'buy', pagePath: '/out' },
    { timestamp: at('31T09:00'), userId: 'bob', pagePath: '/in' },
    { timestamp: at('31T11:00'), userId: 'bob', type: 'custom', name: 'buy' },
  ],
};

type ListOptions = Partial<Omit<SessionsQuestion, 'kind'>>;
type MetricOptions = Partial<Omit<SessionMetricsQuestion, 'kind'>>;

const LISTS: readonly (readonly [title: string, options: ListOptions, ids: readonly string[]])[] = [
  ['newest start first', {}, ['lanes', 'silent', 'bounce', 'login']],
  ['bots included', { includeBots: true }, ['lanes', 'robot', 'silent', 'bounce', 'login']],
  ['a session is in range when its start is', { from: at('30T10:05') }, ['lanes', 'silent', 'bounce']],
  ['of a user', { userKey: 'u:ann' }, ['login']],
  ['of an anonymous id', { userKey: 'a:c' }, ['login']],
  ['of nobody', { userKey: 'u:zoe' }, []],
  ['by a field of the session', { filter: where('session.entry_path', 'eq', '/in') }, ['bounce', 'login']],
  ['by what the parts sum up to', { filter: where('session.page_views', 'between', 2, 5) }, ['lanes', 'login']],
  ['by an event in it', { filter: where('event.name', 'eq', 'buy') }, ['silent', 'login']],
  ['by an event and the session', { filter: and(where('event.name', 'eq', 'buy'), where('session.errors', 'gt', 0)) }, ['login']],
  ['one event for the whole filter', { filter: and(where('event.name', 'eq', 'buy'), where('page.path', 'eq', '/in')) }, []],
  ['by some other event in it', { filter: not(where('event.name', 'eq', 'buy')) }, ['bounce', 'login']],
]; // prettier-ignore

export function sessionCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => void (world = await worldOf(fixture(), ROWS)));

  it.each(LISTS)('%s', async (_, options, ids) => {
    const { items } = await world.ask('sessions', options);
    expect(items.map(({ session }) => session.sessionId)).toEqual(ids);
  });

  it('merges the parts', async () => {
    const { items } = await world.ask('sessions', { userKey: 'u:ann' });
    expect(items.map(({ session }) => session)).toEqual([
      {
        sessionId: 'login', userKeys: ['a:c', 'u:ann'], state: 'closed', start: at('30T10:00'), end: at('30T10:20'),
        durationMs: 20 * MINUTE, events: 7, pageViews: 5, errors: 1, isBounce: false, entryPath: '/in', exitPath: '/out',
        referrer: 'https://x', utmSource: 'mail', utmMedium: null, utmCampaign: null, userAgent: 'Firefox', isBot: false,
      },
    ]); // prettier-ignore
  });

  it('merges lanes', async () => {
    const { items } = await world.ask('sessions', { userKey: 'u:dan' });
    expect(items).toMatchObject([
      { session: { start: at('31T23:00'), end: at('2024-04-01T00:30'), events: 15, entryPath: '/b', exitPath: '/a', state: 'open' } },
    ]); // prettier-ignore
  });

  it('pages through', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { items, pageInfo }: Awaited<ReturnType<typeof page>> = await page(after);
      seen.push(...items.map(({ session }) => session.sessionId));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['lanes', 'silent', 'bounce', 'login']);
  });
  const page = (after: string | null) => world.ask('sessions', { page: { first: 2, after } });

  it('measures', async () => {
    const { total, buckets, groups, durations } = await world.ask('sessionMetrics', {});
    expect(groups).toEqual([]);
    expect(total).toEqual({
      sessions: 4,
      users: 4,
      bounceRate: 0.25,
      averageDurationMs: ((20 + 0 + 0.5 + 90) / 4) * MINUTE,
      medianDurationMs: 10.25 * MINUTE,
      pagesPerSession: 2,
      eventsPerSession: 25 / 4,
    });
    expect(buckets.map(({ start, metrics }) => [start, metrics.sessions, metrics.users])).toEqual([
      [at('30T00:00'), 1, 2],
      [at('31T00:00'), 3, 2],
      [at('2024-04-01T00:00'), 0, 0],
    ]);
    expect(buckets[2]?.metrics).toMatchObject({ bounceRate: null, averageDurationMs: null, medianDurationMs: null });
    expect(durations.map(({ count }) => count)).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 1, 0]);
  });

  const metricCases: [string, MetricOptions, [string | null, boolean, number][]][] = [
    ['entry', { breakdown: { field: 'session.entry_path' } }, [['/in', false, 2], ['/b', false, 1], [null, false, 1]]],
    ['entry, one kept', { breakdown: { field: 'session.entry_path' }, breakdownLimit: 1 }, [['/in', false, 2], [null, true, 2]]],
    ['number', { breakdown: { field: 'session.page_views' } }, [['0', false, 1], ['1', false, 1], ['2', false, 1], ['5', false, 1]]],
    ['truth', { breakdown: { field: 'session.is_bounce' } }, [['false', false, 3], ['true', false, 1]]],
    ['filtered', { breakdown: { field: 'session.state' }, filter: where('event.name', 'eq', 'buy') }, [['closed', false, 1], ['open', false, 1]]],
  ]; // prettier-ignore
  it.each(metricCases)('measures by %s', async (_, options, expected) => {
    const { groups } = await world.ask('sessionMetrics', options);
    expect(groups.map(({ breakdown, other, metrics }) => [breakdown, other, metrics.sessions])).toEqual(expected);
  });

  describe('an id that many users share', () => {
    const users = Array.from({ length: SHARED_SESSION_USERS + 1 }, (_, i) => `u:${String(i).padStart(2, '0')}`);
    const part = (userKey: string, i: number): Partial<SessionRow> => ({
      sessionId: 'constant',
      userKey,
      start: at('30T10:00') + i,
      end: at('30T10:30'),
    });
    it('is one session per user', async () => {
      const own = await worldOf(fixture(), {
        sessions: users.map(part),
        events: users.map((userKey, i) => ({ userKey, userId: userKey.slice(2), timestamp: at('30T10:00') + i })),
      });
      expect((await own.ask('sessionMetrics', {})).total).toMatchObject({ sessions: 21, users: 21 });
      const { items } = await own.ask('sessions', { userKey: 'u:03' });
      expect(items).toMatchObject([{ session: { sessionId: 'constant', userKeys: ['u:03'] } }]);
      const series = [
        { label: 'A', event: { type: null, name: null, filter: null }, measure: { kind: 'sessions' as const } },
      ];
      expect((await own.ask('trend', { series })).lines).toMatchObject([{ total: 21 }]);
    });

    it('is merged up to 20 users', async () => {
      const own = await worldOf(fixture(), { events: [], sessions: users.slice(1).map(part) });
      expect((await own.ask('sessionMetrics', {})).total).toMatchObject({ sessions: 1, users: 20 });
    });
  });

  describe('sessions of a user that overlap', () => {
    const OVERLAP: Rows = {
      sessions: [
        { sessionId: 'wide', start: at('30T10:00'), end: at('30T12:00'), entryPath: '/wide' },
        { sessionId: 'late', start: at('30T11:00'), end: at('30T11:30'), entryPath: '/late' },
        { sessionId: 'a', start: at('30T13:00'), end: at('30T14:00'), entryPath: '/a' },
        {
          sessionId: 'b',
          start: at('30T13:00'),
          end: at('30T14:00'),
          entryPath: '/b',
          version: { ...version, offset: 3 },
        },
      ],
      events: [
        { eventId: '1', timestamp: at('30T10:30') },
        { eventId: '2', timestamp: at('30T11:10') },
        { eventId: '3', timestamp: at('30T11:10'), sessionId: 'wide' },
        { eventId: '4', timestamp: at('30T11:40') },
        { eventId: '5', timestamp: at('30T13:30') },
        { eventId: '6', timestamp: at('30T13:30'), sessionId: 'b' },
        { eventId: '7', timestamp: at('30T12:30'), sessionId: 'b' },
      ],
    };
    it.each([
      ['/wide', '134'],
      ['/late', '2'],
      ['/a', '5'],
      ['/b', '6'],
    ])('%s holds %s', async (entry, ids) => {
      const own = await worldOf(fixture(), OVERLAP);
      const { items } = await own.ask('events', { filter: where('session.entry_path', 'eq', entry) });
      expect(items.map(({ event }) => event.eventId).sort().join('')).toBe(ids); // prettier-ignore
    });
  });
}
