import { uuidv7, type QuarantineEntry } from '@productgraph/contracts';
import type { QuarantineFilter } from '@productgraph/domain-ledger';
import { expect, it } from 'vitest';
import { BUILT_AT, quarantineEntry, storeBlock } from '../builders/rows.ts';
import { ledgerOf, type EventStoreWorld } from './fixture.ts';

function filterOf({ project }: EventStoreWorld, fields: Partial<QuarantineFilter> = {}): QuarantineFilter {
  return {
    orgId: project.orgId,
    projectId: project.id,
    code: null,
    stage: null,
    after: null,
    limit: 100,
    ...fields,
  };
}

/** Entries a second apart, oldest first. */
function entriesOf({ project }: EventStoreWorld, fields: readonly Partial<QuarantineEntry>[]): QuarantineEntry[] {
  return fields.map((one, index) => {
    const receivedAt = BUILT_AT + index * 1000;
    return quarantineEntry({ projectId: project.id, receivedAt, id: uuidv7(receivedAt), ...one });
  });
}

export function quarantineCases(world: () => EventStoreWorld): void {
  it('gives an entry back as it was, U+0000 replaced', async () => {
    const [entry] = entriesOf(world(), [
      {
        eventId: 'event ☃',
        payload: '{"bad\n":"\\u0000 \t \\N"}',
        position: 17,
        source: 'access.log',
        traceId: '0af7651916cd43dd8448eb211c80319c',
      },
    ]) as [QuarantineEntry];
    const withNul = { ...entry, id: uuidv7(BUILT_AT - 1), payload: 'nul \0', eventId: '\0' };
    await world().store.write(storeBlock({ quarantine: [entry, withNul] }));
    expect(await world().ledger.quarantine(filterOf(world()))).toEqual([
      entry,
      { ...withNul, payload: expect.stringMatching(/^nul ./u) as string, eventId: expect.any(String) as string },
    ]);
  });

  it('counts refusals of the edge as rejected, later ones as quarantined later, repeated entries once', async () => {
    const { store } = world();
    const stages = ['ingest', 'ingest', 'import', 'decode'] as const;
    const quarantine = entriesOf(world(), stages.map((stage) => ({ stage }))); // prettier-ignore
    await store.write(storeBlock({ quarantine }));
    await store.write(storeBlock({ first: 1, quarantine: quarantine.slice(0, 2) }));
    expect(await ledgerOf(world())).toMatchObject([{ rejected: 3, quarantinedLater: 1, accepted: 0 }]);
    expect(await world().ledger.quarantine(filterOf(world()))).toHaveLength(4);
  });

  listCases(world);
}

function listCases(world: () => EventStoreWorld): void {
  it('lists newest first, in pages, by code and by stage', async () => {
    const { store, ledger } = world();
    const quarantine = entriesOf(world(), [
      { code: 'invalid_type' },
      { stage: 'import', code: 'unreadable_line' },
      { code: 'invalid_type' },
      { stage: 'decode', code: 'malformed_body' },
    ]);
    await store.write(storeBlock({ quarantine }));
    const newestFirst = quarantine.toReversed();
    expect(await ledger.quarantine(filterOf(world()))).toEqual(newestFirst);
    const page = await ledger.quarantine(filterOf(world(), { limit: 3 }));
    expect(page).toEqual(newestFirst.slice(0, 3));
    expect(await ledger.quarantine(filterOf(world(), { after: page[2]?.id ?? null }))).toEqual(newestFirst.slice(3));
    expect(await ledger.quarantine(filterOf(world(), { code: 'invalid_type' }))).toHaveLength(2);
    expect(await ledger.quarantine(filterOf(world(), { stage: 'import' }))).toEqual([quarantine[1]]);
    expect(await ledger.quarantine(filterOf(world(), { stage: 'import', code: 'invalid_type' }))).toEqual([]);
    expect(await ledger.quarantineCounts(world().project.orgId, world().project.id)).toEqual([
      { code: 'invalid_type', stage: 'ingest', count: 2 },
      { code: 'malformed_body', stage: 'decode', count: 1 },
      { code: 'unreadable_line', stage: 'import', count: 1 },
    ]);
  });

  it('orders by time of receipt, then by id, whatever time the ids hold; pages go on after any entry', async () => {
    const { store, ledger } = world();
    const at = (seconds: number, id: string): Partial<QuarantineEntry> => ({
      receivedAt: BUILT_AT + seconds * 1000,
      id,
    });
    const imported = '00000000-0000-7000-8000-00000000000';
    const quarantine = entriesOf(world(), [
      { receivedAt: BUILT_AT, id: uuidv7(BUILT_AT) },
      at(1, `${imported}8`),
      at(1, `${imported}9`),
      at(2, uuidv7(BUILT_AT - 1000)),
      at(3, `${imported}1`),
    ]);
    await store.write(storeBlock({ quarantine }));
    const newestFirst = quarantine.toReversed();
    expect(await ledger.quarantine(filterOf(world()))).toEqual(newestFirst);
    for (const [index, { id }] of newestFirst.entries()) {
      expect(await ledger.quarantine(filterOf(world(), { after: id }))).toEqual(newestFirst.slice(index + 1));
    }
    expect(await ledger.quarantine(filterOf(world(), { after: 'unknown' }))).toEqual([]);
  });

  replayCases(world);
}

function replayCases(world: () => EventStoreWorld): void {
  it('gives entries out for replay until they are marked, and hides them from then on', async () => {
    const { store, ledger, project } = world();
    const quarantine = entriesOf(world(), [{}, {}, {}]);
    const ids = quarantine.map(({ id }) => id);
    await store.write(storeBlock({ quarantine }));
    const [first, second] = quarantine;
    expect(await ledger.replayable(project.orgId, project.id, ids.slice(0, 2))).toEqual([second, first]);
    expect(await ledger.quarantine(filterOf(world()))).toHaveLength(3);
    await ledger.markReplayed(project.orgId, project.id, [...ids.slice(0, 2), 'unknown']);
    await ledger.markReplayed(project.orgId, project.id, ids.slice(0, 2));
    expect(await ledger.replayable(project.orgId, project.id, [...ids, 'unknown'])).toEqual([quarantine[2]]);
    expect(await ledger.quarantine(filterOf(world()))).toEqual([quarantine[2]]);
    await ledger.markReplayed(project.orgId, project.id, ids);
    expect(await ledger.quarantineCounts(project.orgId, project.id)).toEqual([]);
  });

  it("neither shows nor gives out another tenant's entries", async () => {
    const { store, ledger, project, foreign } = world();
    const quarantine = entriesOf(world(), [{ eventId: 'mine' }]);
    const ids = quarantine.map(({ id }) => id);
    await store.write(storeBlock({ quarantine }));
    expect(await ledger.quarantine(filterOf(world(), { orgId: foreign.orgId }))).toEqual([]);
    expect(await ledger.quarantine(filterOf(world(), { projectId: foreign.id }))).toEqual([]);
    expect(await ledger.quarantine(filterOf(world(), { projectId: 'no uuid' }))).toEqual([]);
    expect(await ledger.quarantineCounts(foreign.orgId, project.id)).toEqual([]);
    expect(await ledger.replayable(foreign.orgId, project.id, ids)).toEqual([]);
    await ledger.markReplayed(foreign.orgId, project.id, ids);
    expect(await ledger.trace(foreign.orgId, project.id, 'mine')).toMatchObject({ quarantined: null });
    expect(await ledger.quarantine(filterOf(world()))).toHaveLength(1);
  });
}
