import type { CatalogueQuestion, UsersQuestion } from '@productgraph/domain-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { at, named, type QueryEngineFixture, type Rows, where, type World, worldOf } from './world.ts';

const T = at('30T10:00');
const HOUR = 3_600_000;

const ROWS: Rows = {
  events: [
    { eventId: 'a', timestamp: T, sequence: 1, pagePath: '/x', properties: '{"plan":"pro","n":1e400, "big": 1152921504606846977}' },
    { eventId: 'b', timestamp: T, sequence: 0, pagePath: '/x', properties: '{"plan":"Free","plan":"free"}' },
    { eventId: 'c', timestamp: T, sequence: 0, pagePath: '/y', properties: '{}', apiStatus: 404 },
    { eventId: 'd', timestamp: T + 2 * HOUR, userId: 'Bob', anonymousId: 'dev-1', type: 'custom', name: 'buy', properties: '{"plan":"pro"}', apiStatus: 200 },
    { eventId: 'e', timestamp: T + 3 * HOUR, userId: 'Bob', anonymousId: null, type: 'custom', name: 'buy', apiStatus: 200 },
    { eventId: 'f', timestamp: T + 3 * HOUR, userId: null, anonymousId: 'dev-2', flags: 2 },
    { eventId: 'g', timestamp: T + 3 * HOUR, userId: 'robot', flags: 1 },
    { eventId: 'h', timestamp: T + 30 * HOUR, userId: null, sessionId: 'only', pagePath: '/y' },
  ],
  sessions: [
    { sessionId: 's1', start: T, end: T },
    { sessionId: 's2', start: T - 86_400_000, end: T - 86_400_000 },
    { sessionId: 's3', userKey: 'u:Bob', start: T, end: T + HOUR },
    { sessionId: 's4', userKey: 'u:Bob', start: T + HOUR, end: T + HOUR },
    { sessionId: 's5', userKey: 'u:Bob', start: T + HOUR, end: T + HOUR, state: 'merged' },
  ],
}; // prettier-ignore

type UserOptions = Partial<Omit<UsersQuestion, 'kind'>>;
type CatalogueOptions = Partial<Omit<CatalogueQuestion, 'kind'>>;

const CATALOGUES: readonly (readonly [title: string, options: CatalogueOptions, items: readonly (readonly [string, number])[]])[] = [
  ['names of events', {}, [['page.view', 5], ['buy', 2]]],
  ['names, found', { search: 'BU' }, [['buy', 2]]],
  ['names, none found', { search: '%' }, []],
  ['names, limited', { limit: 1 }, [['page.view', 5]]],
  ['properties, a key spelled twice twice', { of: 'properties' }, [['plan', 4], ['big', 1], ['n', 1]]],
  ['values', { of: 'values', field: 'page.path' }, [['/x', 2], ['/y', 2]]],
  ['values of a property', { of: 'values', field: 'properties.plan' }, [['pro', 2], ['free', 1]]],
  ['numbers', { of: 'values', field: 'api.status' }, [['200', 2], ['404', 1]]],
  ['numbers as spelled', { of: 'values', field: 'properties.big' }, [['1152921504606846977', 1]]],
  ['values of flags', { of: 'values', field: 'event.is_historical' }, [['false', 6], ['true', 1]]],
  ['values of sessions', { of: 'values', field: 'session.session_id' }, [['s1', 3]]],
  ['values of filtered events', { of: 'values', field: 'page.path', filter: where('properties.plan', 'set') }, [['/x', 2]]],
]; // prettier-ignore

export function listCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => void (world = await worldOf(fixture(), ROWS)));

  describe('events', () => {
    const ids = async (given: Parameters<typeof world.ask<'events'>>[1]): Promise<string> =>
      (await world.ask('events', given)).items.map(({ event }) => event.eventId).join('');

    it('come newest first, in total order', async () => {
      expect(await ids({})).toBe('hfedacb');
    });

    it('come back exactly', async () => {
      const { items } = await world.ask('events', { includeBots: true });
      const stored = new Map(world.tenant.events.map((event) => [event.eventId, event]));
      expect(items.map(({ event }) => event)).toEqual(items.map(({ event }) => stored.get(event.eventId)));
    });

    it('are those of a user, a name, a filter', async () => {
      expect(await ids({ userKey: 'u:ann' })).toBe('acb');
      expect(await ids({ event: named('buy') })).toBe('ed');
      expect(await ids({ filter: where('page.path', 'eq', '/y') })).toBe('hc');
      expect(await ids({ userKey: 'u:nobody' })).toBe('');
    });

    it.each([1, 2, 3, 7, 8])('come in pages of %i', async (first) => {
      let seen = '';
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(first, after);
        expect(page.items.length).toBeLessThanOrEqual(first);
        expect(page.pageInfo.endCursor).toBe(page.items.at(-1)?.cursor ?? null);
        seen += page.items.map(({ event }) => event.eventId).join('');
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      expect(seen).toBe('hfedacb');
    });
    const pageOf = (first: number, after: string | null) => world.ask('events', { page: { first, after } });

    it('go on where the cursor of any item stands', async () => {
      const { items } = await world.ask('events', {});
      const cursor = items.find(({ event }) => event.eventId === 'a')?.cursor ?? null;
      expect(await ids({ page: { first: 10, after: cursor } })).toBe('cb');
      expect(await ids({ page: { first: 10, after: cursor }, from: T + 1 })).toBe('');
    });
  });

  describe('users', () => {
    const keys = async (options: UserOptions): Promise<string[]> =>
      (await world.ask('users', options)).items.map(({ user }) => user.userKey);

    it('come by last seen, of equals by key', async () => {
      expect(await keys({})).toEqual(['s:only', 'a:dev-2', 'u:Bob', 'u:ann']);
    });

    it('are summed up over the range', async () => {
      const { items } = await world.ask('users', {});
      expect(items.map(({ user }) => user)).toEqual([
        { userKey: 's:only', userId: null, anonymousId: null, firstSeen: T + 30 * HOUR, lastSeen: T + 30 * HOUR, events: 1, sessions: 0 },
        { userKey: 'a:dev-2', userId: null, anonymousId: 'dev-2', firstSeen: T + 3 * HOUR, lastSeen: T + 3 * HOUR, events: 1, sessions: 0 },
        { userKey: 'u:Bob', userId: 'Bob', anonymousId: 'dev-1', firstSeen: T + 2 * HOUR, lastSeen: T + 3 * HOUR, events: 2, sessions: 2 },
        { userKey: 'u:ann', userId: 'ann', anonymousId: null, firstSeen: T, lastSeen: T, events: 3, sessions: 1 },
      ]); // prettier-ignore
    });

    it('are found by either id, in either case', async () => {
      expect(await keys({ search: 'BOB' })).toEqual(['u:Bob']);
      expect(await keys({ search: 'dev' })).toEqual(['a:dev-2', 'u:Bob']);
      expect(await keys({ search: 'only' })).toEqual([]);
    });

    it('are those with events in scope', async () => {
      expect(await keys({ includeBots: true })).toContain('u:robot');
      expect(await keys({ filter: where('event.name', 'eq', 'buy') })).toEqual(['u:Bob']);
      expect(await keys({ filter: where('session.session_id', 'eq', 's1') })).toEqual(['u:ann']);
    });

    it('come in pages', async () => {
      const first = await world.ask('users', { page: { first: 2, after: null } });
      expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: first.items[1]?.cursor });
      expect(await keys({ page: { first: 2, after: first.pageInfo.endCursor } })).toEqual(['u:Bob', 'u:ann']);
    });
  });

  describe('catalogue', () => {
    it.each(CATALOGUES)('%s', async (_, options, expected) => {
      const { items } = await world.ask('catalogue', options);
      expect(items.map(({ value, count }) => [value, count])).toEqual(expected);
    });

    it('tells when a value was last seen', async () => {
      const { items } = await world.ask('catalogue', {});
      expect(items.map(({ lastSeen }) => lastSeen)).toEqual([T + 30 * HOUR, T + 3 * HOUR]);
    });
  });
}
