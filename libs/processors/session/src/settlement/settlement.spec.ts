import type { StoredEvent } from '@productgraph/contracts';
import { storedEvent } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND, START, World } from '../spec-world.ts';
import type { SettlementDeps } from './options.ts';

const at = (timestamp: number, fields: Partial<StoredEvent> = {}): StoredEvent =>
  storedEvent({ timestamp: START + timestamp, ...fields });
const late = (timestamp: number, receivedAt: number, fields: Partial<StoredEvent> = {}): StoredEvent =>
  at(timestamp, { receivedAt: START + receivedAt, ...fields });

const brief = async (world: World, userKey?: string): Promise<unknown[]> =>
  (await world.standing(userKey)).map((row) => [
    row.state,
    (row.start - START) / MINUTE,
    (row.end - START) / MINUTE,
    row.events,
    row.version.revision,
  ]);

async function worldOf(...events: readonly StoredEvent[]): Promise<World> {
  const world = new World();
  for (const event of events) await world.receive(event);
  return world;
}

describe('settlement of a partition', () => {
  it('waits for the lateness bound, then marks right rows settled, once', async () => {
    const world = await worldOf(at(0), at(5 * MINUTE));
    world.now = START + 24 * HOUR + 59 * MINUTE;
    await world.settle();
    expect(await brief(world)).toEqual([['closed', 0, 5, 2, 0]]);
    world.now = START + 25 * HOUR;
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 5, 2, 1]]);
    const rows = world.emitted().length;
    world.now = START + 100 * HOUR;
    await world.settle();
    expect(world.emitted()).toHaveLength(rows);
  });

  it('says up to when a project is settled: the lateness bound behind what was received', async () => {
    const world = await worldOf(at(0));
    const { projectId } = at(0);
    world.now = START + 49 * HOUR + 10 * MINUTE;
    await world.settle();
    expect(await world.progress.settledThrough(0)).toBe(START + 25 * HOUR);
    expect(await world.progress.settledUpTo(projectId)).toBe(START + HOUR);
  });

  it('cuts again what live had let grow too long', async () => {
    const chain = Array.from({ length: 50 }, (_, n) => at((n * 29 + 20) * MINUTE));
    const world = await worldOf(...chain, late(0, 24.5 * HOUR));
    await world.fold();
    await world.write();
    expect(await brief(world)).toEqual([['open', 0, 1441, 51, 0]]);
    world.now = START + 80 * HOUR;
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 1412, 50, 1], ['settled', 1441, 1441, 1, 1]]); // prettier-ignore
  });

  it('joins what a late event joins, and reopens what is settled for one that comes later', async () => {
    const world = await worldOf(at(0), at(50 * MINUTE), late(25 * MINUTE, 3 * HOUR));
    world.now = START + 40 * HOUR;
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 50, 3, 1]]);
    await world.receive(late(75 * MINUTE, 40 * HOUR));
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 50, 3, 1], ['open', 75, 75, 1, 0]]); // prettier-ignore
    world.now = START + 65 * HOUR;
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 75, 4, 2]]);
  });

  it("finds all of a client's session, days apart", async () => {
    const world = await worldOf(at(0, { sessionId: 'c' }), at(80 * HOUR, { sessionId: 'c' }));
    await world.settle();
    world.now = START + 106 * HOUR;
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 80 * 60, 2, 1]]);
  });

  it('waits for the end of a session whose client runs ahead of the clock', async () => {
    const world = await worldOf(
      at(0),
      late(20 * HOUR, SECOND),
      late(20 * HOUR, SECOND, { sessionId: 'c', eventId: 'c' }),
    );
    world.now = START + 30 * HOUR;
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 0, 1, 1], ['closed', 1200, 1200, 1, 0], ['closed', 1200, 1200, 1, 0]]); // prettier-ignore
    world.now = START + 44 * HOUR;
    await world.settle();
    expect((await world.standing()).map((row) => row.state)).toEqual(['settled', 'settled', 'settled']);
    expect(await world.progress.deferred(0, Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('settles at once what an import asks for, and nothing that may still grow', async () => {
    const imported = [0, 10, 100].map((minute) =>
      late(minute * MINUTE, 1000 * HOUR, { flags: 2, eventId: `i${String(minute)}` }),
    );
    const world = await worldOf(...imported, at(1000 * HOUR, { userId: 'bob' }));
    await world.fold();
    await world.progress.request(imported[0]!.projectId, START + 999 * HOUR, START + 1001 * HOUR);
    expect(await world.progress.settledUpTo(imported[0]!.projectId)).toBeNull();
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 10, 2, 1], ['settled', 100, 100, 1, 1]]); // prettier-ignore
    expect(await brief(world, 'u:bob')).toEqual([['open', 60_000, 60_000, 1, 0]]);
    expect(await world.progress.requests(0)).toEqual([]);
  });

  it('lets hours and requests take turns, and requests among themselves', async () => {
    const world = await worldOf(at(0));
    await world.fold();
    await world.write();
    world.now = START + 30 * HOUR;
    const { projectId } = at(0);
    await world.progress.request(projectId, START - 5_000 * HOUR, START - 10 * HOUR);
    await world.progress.request(projectId, START - 9 * HOUR, START - 8 * HOUR);
    const { createPartitionSettlement } = await import('./settlement.ts');
    const settlement = createPartitionSettlement({ topic: 'events', generation: 1, partition: 0 }, world.deps);
    await settlement.run();
    expect(await world.progress.settledThrough(0)).toBe(START + 6 * HOUR);
    await world.write();
    await settlement.run();
    expect(await world.progress.requests(0)).toMatchObject([{ receivedFrom: START - 5_000 * HOUR }]);
  });

  it('does nothing before the store has what was folded', async () => {
    const world = await worldOf(at(0));
    await world.fold();
    world.now = START + 30 * HOUR;
    const { createPartitionSettlement } = await import('./settlement.ts');
    const settlement = createPartitionSettlement({ topic: 'events', generation: 1, partition: 0 }, world.deps);
    expect(await settlement.run()).toBe('waiting');
    expect(world.told.waiting).toMatchObject([{ for: 'events stored' }]);
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 0, 1, 1]]);
  });

  it('settles again the hour of events that a producer kept back for long', async () => {
    const world = await worldOf(at(0), at(40 * HOUR, { userId: 'bob' }));
    await world.settle();
    await world.receive(at(10 * MINUTE, { eventId: 'kept back' }));
    await world.settle();
    expect(await brief(world)).toEqual([['settled', 0, 10, 2, 2]]);
    expect(world.told.lateReceipts).toMatchObject([{ receivedFrom: START, receivedTo: START + HOUR }]);
  });

  it('leaves a client session alone that is too large to read again, and tells', async () => {
    const world = await worldOf(at(0, { sessionId: 'c' }));
    const deps = { ...world.deps, options: { maxClientEvents: 1 } };
    world.now = START + 30 * HOUR;
    await world.settle(deps);
    await world.receive(at(80 * HOUR, { sessionId: 'c' }));
    world.now = START + 110 * HOUR;
    await world.settle(deps);
    expect(world.told.sessionTooLarge).toMatchObject([{ sessionId: 'c', events: 2 }]);
    expect(await brief(world)).toEqual([['settled', 0, 0, 1, 1]]);
  });

  it('goes on with the other users when a bug hits one, and comes back to it', async () => {
    const world = await worldOf(at(0), at(1, { userId: 'bob' }));
    let isBroken = true;
    const store = {
      ...world.store,
      userEvents: (range: Parameters<typeof world.store.userEvents>[0]) => {
        if (isBroken && range.userKey === 'u:bob') throw new RangeError('a bug');
        return world.store.userEvents(range);
      },
    };
    world.now = START + 30 * HOUR;
    await world.settle({ ...world.deps, store });
    expect(await brief(world)).toMatchObject([['settled', 0, 0, 1, 1]]);
    expect((await world.standing('u:bob')).map((row) => row.state)).toEqual(['closed']);
    expect(world.told.userFailed).toMatchObject([{ userKey: 'u:bob' }]);
    isBroken = false;
    world.now += HOUR;
    await world.settle({ ...world.deps, store });
    expect((await world.standing('u:bob')).map((row) => row.state)).toEqual(['settled']);
  });
});

describe('events that were deleted since', () => {
  /** The world's ports as if these events were not stored any more. */
  function without(world: World, ...gone: readonly string[]): SettlementDeps {
    const isLeft = ({ eventId }: StoredEvent): boolean => !gone.includes(eventId);
    const userEvents: SettlementDeps['store']['userEvents'] = async (range) =>
      (await world.store.userEvents(range)).filter(isLeft);
    return { ...world.deps, store: { ...world.store, userEvents } };
  }
  const { projectId } = at(0);
  const ann = { projectId, userKey: 'u:ann' };
  const again = (world: World, from: number, to: number): Promise<void> =>
    world.progress.defer(0, [{ ...ann, from: START + from, to: START + to, at: world.now }]);

  async function settled(...events: readonly StoredEvent[]): Promise<World> {
    const world = await worldOf(...events);
    world.now = START + 60 * HOUR;
    await world.settle();
    return world;
  }

  it('leave their session, which goes when none of its events is left', async () => {
    const repeat = at(5 * HOUR, { eventId: 'repeat' });
    const world = await settled(at(0), at(10 * MINUTE), at(20 * MINUTE, { eventId: 'other' }), repeat);
    expect(await brief(world)).toEqual([['settled', 0, 20, 3, 1], ['settled', 300, 300, 1, 1]]); // prettier-ignore
    await again(world, 0, 5 * HOUR + 1);
    await world.settle(without(world, 'repeat', 'other'));
    expect(await brief(world)).toEqual([['settled', 0, 10, 2, 2]]);
    expect(world.emitted().at(-1)).toMatchObject({ state: 'merged', mergedInto: null, start: START + 5 * HOUR });
    const rows = world.emitted().length;
    await again(world, 0, 5 * HOUR + 1);
    await world.settle(without(world, 'repeat', 'other'));
    expect(world.emitted()).toHaveLength(rows);
  });

  it('may have been the only ones of their user', async () => {
    const world = await settled(at(0, { eventId: 'a' }), at(29 * MINUTE, { eventId: 'b' }));
    await again(world, 29 * MINUTE, 29 * MINUTE + 1);
    await world.settle(without(world, 'a', 'b'));
    expect(await brief(world)).toEqual([]);
  });

  it('are told from those that are not stored yet', async () => {
    const world = await settled(at(0));
    await world.receive(late(5 * HOUR, 60 * HOUR, { eventId: 'late' }));
    await world.fold();
    await world.write();
    const [before] = await world.standing();
    const row = (await world.standing()).find(({ start }) => start === START + 5 * HOUR);
    // As if its session had been stored, and the event not yet.
    const ahead = { ...row!, version: { ...row!.version, offset: row!.version.offset + 1 } };
    const deps = without(world, 'late');
    await again(world, 5 * HOUR, 5 * HOUR + 1);
    await world.settle({ ...deps, store: { ...deps.store, userSessions: () => Promise.resolve([before!, ahead]) } });
    expect(await brief(world)).toEqual([['settled', 0, 0, 1, 1], ['open', 300, 300, 1, 0]]); // prettier-ignore
  });
});
