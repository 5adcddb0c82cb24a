import type { StoredEvent } from '@productgraph/contracts';
import { storedEvent } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND, START, World } from './spec-world.ts';

const at = (timestamp: number, fields: Partial<StoredEvent> = {}): StoredEvent =>
  storedEvent({ timestamp: START + timestamp, ...fields });

describe('live sessions', () => {
  it('appear in topic sessions while they go on, on the same partition', async () => {
    const world = new World();
    await world.receive(at(0), at(SECOND));
    await world.receive(at(20 * SECOND));
    await world.fold();
    world.now = START + HOUR;
    await world.fold();
    // Second 16: what is held back goes out, before the record of second 20 is folded. The end comes by the clock.
    expect(world.emitted().map((row) => [row.state, row.events])).toEqual([['open', 2], ['closed', 3]]); // prettier-ignore
    expect(world.log.records('sessions', 0)[0]).toMatchObject({ schema: 'sessions/1', producer: 'spec', counts: {} });
    expect(world.told.rowsEmitted).toMatchObject([{ rows: 1 }, { rows: 1 }]);
  });

  it('leave out what the dedupe window knows', async () => {
    const world = new World();
    await world.receive(at(0), at(0));
    await world.receive(at(0));
    await world.fold();
    expect(world.emitted()).toMatchObject([{ events: 1 }]);
  });

  it('keep users, lanes and client sessions apart', async () => {
    const world = new World();
    await world.receive(
      at(0),
      at(1, { userId: 'bob' }),
      at(2, { lane: 1 }),
      at(3, { sessionId: 'c' }),
      at(4, { userId: null, anonymousId: 'ann' }),
    );
    await world.fold();
    const parts = world.emitted().map((row) => [row.userKey, row.lane, row.events]);
    expect(parts).toEqual([['u:ann', 0, 1], ['u:bob', 0, 1], ['u:ann', 1, 1], ['u:ann', 0, 1], ['a:ann', 0, 1]]); // prettier-ignore
  });

  it('are the same after the state store has lost everything; what was settled is not told again', async () => {
    const world = new World();
    await world.receive(at(0));
    await world.receive(at(48 * HOUR, { userId: 'bob' }));
    await world.receive(at(48 * HOUR + MINUTE, { userId: 'bob' }));
    await world.settle();
    const before = {
      standing: await world.standing(),
      bob: await world.standing('u:bob'),
      rows: world.emitted().length,
    };
    world.restart({ lost: true });
    await world.fold();
    await world.write();
    expect(await world.standing()).toEqual(before.standing);
    expect(await world.standing('u:bob')).toEqual(before.bob);
    expect(world.emitted().slice(before.rows).map((row) => row.userKey)).toEqual(['u:bob']); // prettier-ignore
  });

  it('go on with known settings when projects cannot be read, and stop when none are known', async () => {
    const world = new World();
    await world.receive(at(0));
    await world.fold();
    world.directory.find = () => Promise.reject(new Error('metadata down'));
    await world.receive(at(10 * MINUTE));
    await world.fold();
    expect(world.told.settingsStale).toMatchObject([{ ageMs: 10 * MINUTE }]);
    const fresh = new World();
    fresh.directory.find = () => Promise.reject(new Error('metadata down'));
    await fresh.receive(at(0));
    await expect(fresh.fold()).rejects.toThrow('metadata down');
  });

  it('use the idle time of the project', async () => {
    const world = new World();
    const find = world.directory.find.bind(world.directory);
    world.directory.find = async (id) => ({ ...(await find(id))!, sessionIdleMinutes: 5 });
    await world.receive(at(0), at(6 * MINUTE));
    await world.fold();
    expect(world.emitted().map((row) => row.events)).toEqual([1, 1]);
  });
});
