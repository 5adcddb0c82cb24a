import type { QuarantineEntry, StoredEvent } from '@productgraph/contracts';
import { expect, it } from 'vitest';
import { sessionRow } from '../builders/rows.ts';
import { blockOf, eventOf, eventsOf, ledgerOf, missing, type EventStoreWorld } from './fixture.ts';

/** Rows that no store can take. None of them comes through ingestion; a bug or a damaged log could bring them. */
const POISONS: readonly (readonly [string, Partial<StoredEvent>, string])[] = [
  ['U+0000 in a text', { pageTitle: 'nul \0 byte' }, 'store_refused'],
  ['broken JSON', { properties: '{"a":' }, 'store_refused'],
  ['a text that is no JSON', { context: 'nonsense' }, 'store_refused'],
  ['a time before 2000', { timestamp: Date.UTC(1999, 11, 31, 23, 59, 59, 999) }, 'timestamp_out_of_range'],
  ['a time after 2099', { timestamp: Date.UTC(2100, 0, 1) }, 'timestamp_out_of_range'],
  ['a time that is none', { timestamp: Number.NaN }, 'timestamp_out_of_range'],
];

function entriesOf({ ledger, project }: EventStoreWorld): Promise<QuarantineEntry[]> {
  return ledger.quarantine({
    orgId: project.orgId,
    projectId: project.id,
    code: null,
    stage: 'store',
    after: null,
    limit: 100,
  });
}

export function poisonCases(world: () => EventStoreWorld): void {
  it.each(POISONS)('quarantines %s and keeps its neighbours', async (_, poison, code) => {
    const { store, ledger, project } = world();
    const good = [0, 1, 2, 3].map((sequence) => eventOf(world(), { sequence }));
    const bad = eventOf(world(), { eventId: 'poison', properties: '{"exact":9007199254740993}', ...poison });
    const block = blockOf(10, [...good.slice(0, 2), bad, ...good.slice(2)]);
    expect(await store.write(block)).toEqual({ inserted: 4, duplicates: 0, refused: 1 });
    expect(await eventsOf(world())).toEqual(good);
    const [entry, ...more] = await entriesOf(world());
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ stage: 'store', code, eventId: 'poison', position: 12, receivedAt: bad.receivedAt });
    expect(entry?.message).not.toBe('');
    expect(entry?.payload).toContain(bad.properties.slice(0, 5));
    expect(await ledgerOf(world())).toMatchObject([{ accepted: 5, stored: 4, quarantinedLater: 1, duplicate: 0 }]);
    expect(await ledger.trace(project.orgId, project.id, 'poison')).toMatchObject({
      stored: null,
      quarantined: { id: entry?.id },
    });
  });

  bisectingCases(world);
}

function bisectingCases(world: () => EventStoreWorld): void {
  it('finds each of several among many, duplicates between them', async () => {
    const events = Array.from({ length: 300 }, (_, n) =>
      eventOf(world(), {
        sequence: n,
        eventId: n % 50 === 7 ? 'again' : `x${n}`,
        ...(n % 97 === 5 && { uiAction: '\0' }),
      }),
    );
    const refused = events.filter(({ uiAction }) => uiAction !== null).length;
    expect(refused).toBe(4);
    const result = await world().store.write(blockOf(0, events));
    expect(result).toEqual({ inserted: 300 - refused - 5, duplicates: 5, refused });
    expect(await entriesOf(world())).toHaveLength(refused);
    expect(await missing(world())).toBe(0);
  });

  it('takes a block of which nothing is good', async () => {
    const events = Array.from({ length: 9 }, () => eventOf(world(), { properties: '' }));
    expect(await world().store.write(blockOf(0, events))).toEqual({ inserted: 0, duplicates: 0, refused: 9 });
    expect(await world().store.write(blockOf(9, [eventOf(world())]))).toMatchObject({ inserted: 1 });
    expect(await missing(world())).toBe(0);
  });

  it.each(['01900000-0000-7000-8000-00000000dead', 'no uuid', ''])(
    'keeps events of the unknown project "%s" where no tenant sees them',
    async (projectId) => {
      const { store } = world();
      const good = eventOf(world());
      const result = await store.write(
        blockOf(0, [eventOf(world(), { projectId }), good], { sessions: [sessionRow({ projectId })] }),
      );
      expect(result).toEqual({ inserted: 1, duplicates: 0, refused: 1 });
      expect(await eventsOf(world())).toEqual([good]);
      expect(await entriesOf(world())).toEqual([]);
      expect(await ledgerOf(world())).toMatchObject([{ accepted: 1, stored: 1 }]);
    },
  );
}
