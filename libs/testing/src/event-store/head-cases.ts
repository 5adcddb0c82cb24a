import { expect, it } from 'vitest';
import { sessionRow } from '../builders/rows.ts';
import { blockOf, eventOf, eventsOf, ledgerOf, type EventStoreWorld } from './fixture.ts';

const PARTITION = { group: 'event-writer', topic: 'events', generation: 1, partition: 0 } as const;

export function headCases(world: () => EventStoreWorld): void {
  it('knows no position of a partition that was never written', async () => {
    expect(await world().store.position(PARTITION)).toEqual({ next: null, windowStart: null, time: 0 });
  });

  it('keeps the position with the block, and starts where the first block starts', async () => {
    const { store } = world();
    const block = blockOf(40, [eventOf(world()), eventOf(world())], { windowStart: 7, time: 1_760_000_000_000 });
    expect(await store.write(block)).toEqual({ inserted: 2, duplicates: 0, refused: 0 });
    expect(await store.position(PARTITION)).toEqual({ next: 42, windowStart: 7, time: 1_760_000_000_000 });
  });

  it.each([
    ['again', 0],
    ['behind the head', 1],
    ['beyond the head', 5],
  ])('writes nothing of a block that comes %s', async (_, first) => {
    const { store, project } = world();
    await store.write(blockOf(0, [eventOf(world()), eventOf(world()), eventOf(world())]));
    const before = await ledgerOf(world());
    const sessions = [sessionRow({ projectId: project.id })];
    expect(await store.write(blockOf(first, [eventOf(world())], { sessions }))).toBeNull();
    expect(await store.position(PARTITION)).toMatchObject({ next: 3 });
    expect(await eventsOf(world())).toHaveLength(3);
    expect(await ledgerOf(world())).toEqual(before);
    expect(
      await store.userSessions({ projectId: project.id, userKey: 'u:ann', from: 0, to: Date.UTC(2100, 0) }),
    ).toEqual([]);
  });

  ownershipCases(world);
}

function ownershipCases(world: () => EventStoreWorld): void {
  it('lets one of two that write the same range at once win', async () => {
    const { store } = world();
    await store.write(blockOf(0, []));
    const block = blockOf(1, [eventOf(world())]);
    const results = await Promise.all([store.write(block), store.write(block)]);
    expect(results.filter((result) => result !== null)).toEqual([{ inserted: 1, duplicates: 0, refused: 0 }]);
    expect(await ledgerOf(world())).toMatchObject([{ accepted: 1, stored: 1, duplicate: 0 }]);
  });

  it('keeps heads of groups, topics, generations and partitions apart', async () => {
    const { store } = world();
    await store.write(blockOf(0, []));
    const others = [
      { ...PARTITION, partition: 1 },
      { ...PARTITION, generation: 2 },
      { ...PARTITION, topic: 'sessions' },
      { ...PARTITION, group: 'other' },
    ] as const;
    for (const [index, partition] of others.entries()) {
      expect(await store.position(partition)).toMatchObject({ next: null });
      expect(await store.write(blockOf(100 + index, [], { partition }))).not.toBeNull();
      expect(await store.position(partition)).toMatchObject({ next: 101 + index });
    }
  });
}
