import { compareEvents, type OutputVersion, type SessionRow } from '@productgraph/contracts';
import { expect, it } from 'vitest';
import { BUILT_AT, sessionRow, storeBlock } from '../builders/rows.ts';
import { blockOf, eventOf, type EventStoreWorld } from './fixture.ts';

const HOUR = 3_600_000;

function userSessions({ store, project }: EventStoreWorld, from = 0, to = Date.UTC(2100, 0)): Promise<SessionRow[]> {
  return store.userSessions({ projectId: project.id, userKey: 'u:ann', from, to });
}

type VersionFields = readonly [revision: number, generation: number, offset: number, rank: number];

const version = (...[revision, generation, offset, rank]: VersionFields): OutputVersion => ({
  revision,
  generation,
  offset,
  rank,
});

/** Rising. */
const VERSIONS: readonly OutputVersion[] = [
  version(0, 1, 5, 0),
  version(0, 1, 5, BUILT_AT),
  version(0, 1, 6, 0),
  version(0, 2, 0, 0),
  version(1, 1, 0, 0),
];

export function settlementCases(world: () => EventStoreWorld): void {
  it.each([
    ['in order', [0, 1, 2, 3, 4]],
    ['backwards', [4, 3, 2, 1, 0]],
    ['mixed', [2, 0, 4, 1, 3]],
  ])('keeps the highest version of a session part, whether they come one by one or at once: %s', async (_, order) => {
    const { store, project } = world();
    const rows = VERSIONS.map((one, events) => sessionRow({ projectId: project.id, version: one, events: events + 1 }));
    const coming = order.flatMap((index) => rows[index] ?? []);
    for (const [first, row] of coming.entries()) await store.write(storeBlock({ first, sessions: [row] }));
    expect(await userSessions(world())).toEqual([rows[4]]);
    const other = coming.map((row) => ({ ...row, sessionId: 'other' }));
    await store.write(storeBlock({ first: 5, sessions: other }));
    expect(await userSessions(world())).toEqual([{ ...rows[4], sessionId: 'other' }, rows[4]]);
  });

  it('keeps parts of users and lanes apart and gives every field back', async () => {
    const { store, project } = world();
    const full = sessionRow({
      projectId: project.id,
      version: version(3, 2, 2 ** 40, BUILT_AT),
      state: 'merged',
      mergedInto: 's0',
      anonymousId: 'anon\t\\N',
      openedReceivedAt: BUILT_AT + 1,
      end: BUILT_AT + HOUR,
      events: 7,
      pageViews: 6,
      errors: 5,
      lateEvents: 4,
      entryPath: '/in',
      exitPath: '/out',
      referrer: 'https://example.com/?q=ž',
      utmSource: 'a',
      utmMedium: 'b',
      utmCampaign: 'c',
      userAgent: 'Mozilla/5.0',
      isBot: true,
    });
    const sessions = [full, { ...full, lane: 1 }, { ...full, userKey: 'u:bob' }];
    await store.write(storeBlock({ sessions }));
    expect(await userSessions(world())).toEqual(sessions.slice(0, 2));
  });

  overlapCases(world);
}

function overlapCases(world: () => EventStoreWorld): void {
  it('finds the parts that overlap a span', async () => {
    const { store, project } = world();
    const sessions = [0, 2, 4].map((hours) =>
      sessionRow({
        projectId: project.id,
        sessionId: `s${hours}`,
        start: BUILT_AT + hours * HOUR,
        end: BUILT_AT + (hours + 1) * HOUR,
      }),
    );
    await store.write(storeBlock({ sessions }));
    const ids = async (from: number, to: number): Promise<string[]> =>
      (await userSessions(world(), BUILT_AT + from * HOUR, BUILT_AT + to * HOUR)).map(({ sessionId }) => sessionId);
    expect(await ids(1, 2)).toEqual(['s0']);
    expect(await ids(1, 2.1)).toEqual(['s0', 's2']);
    expect(await ids(3.5, 4)).toEqual([]);
    expect(await ids(-1, 9)).toEqual(['s0', 's2', 's4']);
  });

  eventCases(world);
}

function eventCases(world: () => EventStoreWorld): void {
  it("gives a user's events of a span in total order, ids by code points", async () => {
    const { store, project } = world();
    const places = [[2, 0, 'a'], [1, 1, 'b'], [1, 0, '\u{1F680}'], [1, 0, '\uffff'], [1, 0, '\ue000'], [1, 0, 'Z'], [1, 0, 'a'], [0, 5, 'b'], [3, 0, 'a']] as const; // prettier-ignore
    const events = places.map(([time, sequence, eventId]) =>
      eventOf(world(), { timestamp: BUILT_AT + time, sequence, eventId }),
    );
    await store.write(blockOf(0, [...events, eventOf(world(), { userId: 'bob', timestamp: BUILT_AT + 1 })]));
    const range = { projectId: project.id, userKey: 'u:ann', from: BUILT_AT, to: BUILT_AT + 3 };
    const found = await store.userEvents(range);
    expect(found.map(({ eventId }) => eventId)).toEqual(['b', 'Z', 'a', '\ue000', '\uffff', '\u{1F680}', 'b', 'a']);
    expect(found).toEqual(found.toSorted(compareEvents));
  });

  touchedCases(world);
}

function touchedCases(world: () => EventStoreWorld): void {
  it('tells the users touched by what came in during an hour, on one log partition', async () => {
    const { store, project, foreign } = world();
    const partition = { group: 'event-writer', topic: 'events', generation: 1, partition: 1 } as const;
    const at = (receivedAt: number, timestamp: number, userId = 'ann'): ReturnType<typeof eventOf> =>
      eventOf(world(), { receivedAt, timestamp, userId });
    await store.write(
      blockOf(0, [
        at(BUILT_AT, BUILT_AT - 90 * 24 * HOUR),
        at(BUILT_AT + HOUR - 1, BUILT_AT),
        at(BUILT_AT + HOUR, BUILT_AT + 5),
        at(BUILT_AT - 1, BUILT_AT - 1),
        { ...at(BUILT_AT + 2, BUILT_AT + 2), projectId: foreign.id },
      ]),
    );
    await store.write(blockOf(0, [at(BUILT_AT, BUILT_AT, 'bob')], { partition }));
    const ann = {
      projectId: project.id,
      userKey: 'u:ann',
      from: BUILT_AT - 90 * 24 * HOUR,
      to: BUILT_AT + 1,
      events: 2,
    };
    const other = { projectId: foreign.id, userKey: 'u:ann', from: BUILT_AT + 2, to: BUILT_AT + 3, events: 1 };
    const touched = await store.touchedUsers(0, BUILT_AT, BUILT_AT + HOUR);
    expect(touched).toHaveLength(2);
    expect(touched).toEqual(expect.arrayContaining([ann, other]));
    const onOther = await store.touchedUsers(1, BUILT_AT, BUILT_AT + HOUR);
    expect(onOther.map(({ userKey }) => userKey)).toEqual(['u:bob']);
  });

  spanCases(world);
}

function spanCases(world: () => EventStoreWorld): void {
  it("tells the extent of a user's client sessions, however far apart", async () => {
    const { store, project } = world();
    const day = 24 * HOUR;
    const event = (sessionId: string | null, days: number, userId = 'ann'): ReturnType<typeof eventOf> =>
      eventOf(world(), { sessionId, userId, timestamp: BUILT_AT + days * day, receivedAt: BUILT_AT + days * day + 7 });
    await store.write(
      blockOf(0, [event('s', 40), event('s', 0), event('t', 3), event('u', 5), event('s', -9, 'bob'), event(null, 99)]),
    );
    expect(await store.sessionSpans(project.id, 'u:ann', ['t', 's', 'none'])).toEqual([
      {
        sessionId: 's',
        from: BUILT_AT,
        to: BUILT_AT + 40 * day + 1,
        events: 2,
        lastReceivedAt: BUILT_AT + 40 * day + 7,
      },
      {
        sessionId: 't',
        from: BUILT_AT + 3 * day,
        to: BUILT_AT + 3 * day + 1,
        events: 1,
        lastReceivedAt: BUILT_AT + 3 * day + 7,
      },
    ]);
    expect(await store.sessionSpans(project.id, 'u:ann', [])).toEqual([]);
  });
}
