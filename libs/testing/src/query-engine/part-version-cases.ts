import type { SessionRow } from '@productgraph/contracts';
import { beforeAll, expect, it } from 'vitest';
import { anyEvent, at, type QueryEngineFixture, type Rows, type World, worldOf } from './world.ts';

const version = (revision: number, offset: number) => ({ revision, generation: 1, offset, rank: 0 });
const returned: Partial<SessionRow> = { sessionId: 'returned', openedReceivedAt: at('2024-01-20T10:00') };

/** Rows of one part received in different months: only the highest version counts, whatever became of the part. */
const ROWS: Rows = {
  sessions: [
    { ...returned, version: version(0, 7), start: at('30T09:00'), end: at('30T10:05'), events: 3, pageViews: 3, entryPath: '/old' },
    { ...returned, version: version(1, 5), openedReceivedAt: at('30T10:20'), start: at('30T10:00'), end: at('30T10:20'), events: 4, pageViews: 2, entryPath: '/new' },
    { sessionId: 'gone', userKey: 'u:bob', version: version(0, 8), openedReceivedAt: at('2024-02-01T10:00'), start: at('30T10:00'), end: at('30T11:00') },
    { sessionId: 'gone', userKey: 'u:bob', version: version(2, 1), start: at('30T10:00'), end: at('30T11:00'), state: 'merged', mergedInto: 'x' },
    { sessionId: 'moved', userKey: 'u:bob', version: version(0, 9), openedReceivedAt: at('2024-02-01T10:00'), start: at('30T12:00'), end: at('30T13:00') },
    { sessionId: 'moved', userKey: 'u:bob', version: version(1, 2), openedReceivedAt: at('2024-03-01T10:00'), start: at('2024-03-01T12:00'), end: at('2024-03-01T13:00') },
    { sessionId: 'offset', userKey: 'u:cat', version: version(0, 1), openedReceivedAt: at('2024-02-01T10:00'), start: at('30T12:00'), end: at('30T12:00'), events: 2 },
    { sessionId: 'offset', userKey: 'u:cat', version: version(0, 2), start: at('30T12:00'), end: at('30T12:00'), events: 5 },
  ],
  events: [
    { timestamp: at('30T10:10') },
    { timestamp: at('30T09:30') },
    { timestamp: at('30T10:30'), userId: 'bob', userKey: 'u:bob' },
    { timestamp: at('30T12:30'), userId: 'bob', userKey: 'u:bob' },
    { timestamp: at('30T12:00'), userId: 'cat', userKey: 'u:cat' },
  ],
}; // prettier-ignore

export function partVersionCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => void (world = await worldOf(fixture(), ROWS)));

  it('counts a part with rows in several months once, by its highest version', async () => {
    const { items } = await world.ask('sessions', {});
    expect(items.map(({ session }) => session)).toMatchObject([
      { sessionId: 'offset', events: 5 },
      { sessionId: 'returned', start: at('30T10:00'), end: at('30T10:20'), events: 4, pageViews: 2, entryPath: '/new' },
    ]);
    expect((await world.ask('sessionMetrics', {})).total).toMatchObject({ sessions: 2, users: 2, eventsPerSession: 4.5 });
  }); // prettier-ignore

  it('finds sessions of events by the highest version', async () => {
    const series = [{ label: 'A', event: anyEvent, measure: { kind: 'sessions' as const } }];
    expect((await world.ask('trend', { series })).lines).toMatchObject([{ total: 2 }]);
  });

  it("counts a user's sessions by the highest version", async () => {
    const { items } = await world.ask('users', {});
    const counted = Object.fromEntries(items.map(({ user }) => [user.userKey, user.sessions]));
    expect(counted).toEqual({ 'u:ann': 1, 'u:bob': 0, 'u:cat': 1 });
  });
}
