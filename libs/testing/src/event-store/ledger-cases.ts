import type { WriteResult } from '@productgraph/domain-event';
import { expect, it } from 'vitest';
import { BUILT_AT } from '../builders/rows.ts';
import { blockOf, eventOf, eventsOf, ledgerOf, missing, type EventStoreWorld } from './fixture.ts';

const MINUTE = Math.floor(BUILT_AT / 60_000);

export function ledgerCases(world: () => EventStoreWorld): void {
  it('counts accepted and stored per minute of receipt', async () => {
    const events = [0, 0, 60_000, 3_600_000].map((later) => eventOf(world(), { receivedAt: BUILT_AT + later }));
    await world().store.write(blockOf(0, events));
    const counts = (await ledgerOf(world())).map(({ minute, accepted, stored }) => [minute - MINUTE, accepted, stored]);
    expect(counts).toEqual([[0, 2, 2], [1, 1, 1], [60, 1, 1]]); // prettier-ignore
  });

  it('adds up over blocks', async () => {
    for (let first = 0; first < 3; first++) await world().store.write(blockOf(first, [eventOf(world())]));
    expect(await ledgerOf(world())).toMatchObject([{ minute: MINUTE, accepted: 3, stored: 3, duplicate: 0 }]);
  });

  it('answers minutes of the range only', async () => {
    const events = [0, 1, 2].map((later) => eventOf(world(), { receivedAt: BUILT_AT + later * 60_000 }));
    await world().store.write(blockOf(0, events));
    const { orgId, id: projectId } = world().project;
    const rows = await world().ledger.rows({ orgId, projectId, from: MINUTE + 1, to: MINUTE + 2 });
    expect(rows.map(({ minute }) => minute)).toEqual([MINUTE + 1]);
  });

  onceCases(world);
}

function onceCases(world: () => EventStoreWorld): void {
  it('stores an id at a time once: in one block, in a later one, in another partition', async () => {
    const { store, copiesSeen } = world();
    const event = eventOf(world(), { eventId: 'twice' });
    const partition = { group: 'event-writer', topic: 'events', generation: 1, partition: 3 } as const;
    const copy = { ...event, pagePath: '/other', receivedAt: event.receivedAt + 60_000 };
    /** What a write answers about so many new events and so many copies of stored ones. */
    const answer = (fresh: number, copies: number): WriteResult =>
      copiesSeen.when === 'written'
        ? { inserted: fresh, duplicates: copies, refused: 0 }
        : { inserted: fresh + copies, duplicates: 0, refused: 0 };
    expect(await store.write(blockOf(0, [event, copy]))).toEqual({ inserted: 1, duplicates: 1, refused: 0 });
    expect(await store.write(blockOf(2, [copy, eventOf(world())]))).toEqual(answer(1, 1));
    expect(await store.write(blockOf(9, [copy], { partition }))).toEqual(answer(0, 1));
    const stored = await eventsOf(world());
    expect(stored.filter(({ eventId }) => eventId === 'twice')).toEqual([event]);
    expect(stored).toHaveLength(2);
    expect(await missing(world())).toBe(0);
    if (copiesSeen.when === 'read') await copiesSeen.recount();
    expect(await ledgerOf(world())).toMatchObject([
      { minute: MINUTE, accepted: 2, stored: 2, duplicate: 0 },
      { minute: MINUTE + 1, accepted: 3, stored: 0, duplicate: 3 },
    ]);
    expect(await missing(world())).toBe(0);
  });

  it('stores the same id at another time, of another project, and with another case', async () => {
    const { store, foreign } = world();
    const event = eventOf(world(), { eventId: 'same' });
    const others = [
      { ...event, timestamp: event.timestamp + 1 },
      { ...event, projectId: foreign.id },
      { ...event, eventId: 'SAME' },
    ];
    expect(await store.write(blockOf(0, [event, ...others]))).toMatchObject({ inserted: 4, duplicates: 0 });
  });

  it('counts what the dedupe window left out', async () => {
    const { store, project } = world();
    const event = eventOf(world());
    const duplicates = { [project.id]: { [String(MINUTE)]: 2 } };
    const accepted = { [project.id]: { [String(MINUTE)]: 3 } };
    await store.write(blockOf(0, [event], { duplicates, accepted }));
    expect(await ledgerOf(world())).toMatchObject([{ accepted: 3, stored: 1, duplicate: 2 }]);
  });

  readingCases(world);
}

function readingCases(world: () => EventStoreWorld): void {
  it('stores a large block exactly', async () => {
    const events = Array.from({ length: 3_000 }, (_, n) =>
      eventOf(world(), {
        sequence: n,
        receivedAt: BUILT_AT + n * 20,
        properties: `{"n":${n},"text":"${'é'.repeat(n % 50)}"}`,
      }),
    );
    expect(await world().store.write(blockOf(0, events))).toEqual({ inserted: 3_000, duplicates: 0, refused: 0 });
    expect(await eventsOf(world())).toEqual(events);
    expect(await missing(world())).toBe(0);
  });

  it("shows a tenant nothing of another's", async () => {
    const { store, ledger, project, foreign } = world();
    await store.write(blockOf(0, [eventOf(world(), { eventId: 'mine' })]));
    expect(await ledger.rows({ orgId: foreign.orgId, projectId: project.id, from: 0, to: 2 ** 31 - 1 })).toEqual([]);
    expect(await ledgerOf(world(), foreign)).toEqual([]);
    expect(await ledger.trace(foreign.orgId, project.id, 'mine')).toMatchObject({ stored: null });
    expect(await ledger.trace(project.orgId, foreign.id, 'mine')).toMatchObject({ stored: null });
  });

  it('traces a stored event by its id', async () => {
    const { store, ledger, project } = world();
    const event = eventOf(world(), { eventId: 'where am I', receivedAt: BUILT_AT + 5 });
    await store.write(blockOf(6, [eventOf(world()), event]));
    expect(await ledger.trace(project.orgId, project.id, 'where am I')).toEqual({
      eventId: 'where am I',
      stored: { timestamp: BUILT_AT, receivedAt: BUILT_AT + 5, logPartition: 0, logOffset: 7 },
      quarantined: null,
    });
    expect(await ledger.trace(project.orgId, project.id, 'nowhere')).toMatchObject({ stored: null, quarantined: null });
  });
}
