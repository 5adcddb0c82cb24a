import { uuidv7, type RecordCounts } from '@productgraph/contracts';
import type { BlockJournal, BlockRange, RangeOutcome } from '@productgraph/domain-event';
import { unaccounted, type LedgerRow, type LedgerStore } from '@productgraph/domain-ledger';
import type { Project, TenantStore } from '@productgraph/domain-tenant';
import type { GroupPartition } from '@productgraph/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILT_AT, organisationOf, projectOf, quarantineEntry } from '../builders/rows.ts';

/** An empty journal under test, with the ledger that it writes. */
export interface BlockJournalFixture {
  readonly journal: BlockJournal;
  readonly ledger: LedgerStore;
  readonly tenants: TenantStore;
  close(): Promise<void>;
}

interface World extends BlockJournalFixture {
  readonly project: Project;
}

const PARTITION: GroupPartition = { group: 'event-writer', topic: 'events', generation: 1, partition: 0 };
const MINUTE = Math.floor(BUILT_AT / 60_000);
const NOTHING: RangeOutcome = { stored: {}, duplicates: {}, quarantine: [], uncounted: [] };

function rangeOf(first: number, last: number, fields: Partial<BlockRange> = {}): BlockRange {
  return {
    first,
    last,
    windowStart: first,
    time: BUILT_AT + last,
    routing: '{"shards":2}',
    accepted: {},
    duplicates: {},
    sessions: 0,
    quarantine: 0,
    refused: [],
    ...fields,
  };
}

async function openWorld(open: () => Promise<BlockJournalFixture>): Promise<World> {
  const fixture = await open();
  const organisation = organisationOf();
  await fixture.tenants.createOrganisation(organisation, 'system');
  const project = projectOf({ orgId: organisation.id });
  await fixture.tenants.createProject(project, 'system');
  return { ...fixture, project };
}

const ledgerOf = ({ ledger, project }: World): Promise<LedgerRow[]> =>
  ledger.rows({ orgId: project.orgId, projectId: project.id, from: 0, to: 2 ** 31 - 1 });

const countsOf = ({ project }: World, n: number, minute = MINUTE): RecordCounts => ({
  [project.id]: { [String(minute)]: n },
});

/** The contract of BlockJournal. */
export function blockJournalSuite(name: string, open: () => Promise<BlockJournalFixture>): void {
  describe(`block journal: ${name}`, () => {
    let world: World;
    beforeEach(async () => void (world = await openWorld(open)));
    afterEach(() => world.close());

    describe('ranges', () => rangeCases(() => world));
    describe('ownership', () => ownershipCases(() => world));
    describe('ledger', () => ledgerCases(() => world));
    describe('recount', () => recountCases(() => world));
  });
}

function rangeCases(world: () => World): void {
  it('knows no position of a partition that was never written', async () => {
    expect(await world().journal.position(PARTITION)).toEqual({ next: null, windowStart: null, time: 0, open: null });
  });

  it('keeps an open range whole, and the position before it', async () => {
    const { journal } = world();
    const range = rangeOf(7, 11, {
      accepted: countsOf(world(), 3),
      duplicates: countsOf(world(), 1),
      sessions: 2,
      quarantine: 4,
      refused: [{ kind: 'event', index: 5, code: 'store_refused', message: 'no “such” thing' }],
    });
    expect(await journal.begin(PARTITION, range)).toBe(true);
    const { open, ...position } = await journal.position(PARTITION);
    expect(position).toEqual({ next: 7, windowStart: null, time: 0 });
    expect(open).toEqual({ ...range, ageMs: expect.any(Number) as number });
    expect(open?.ageMs).toBeGreaterThanOrEqual(0);
    expect(open?.ageMs).toBeLessThan(60_000);
  });

  it('moves the head with the range done, and goes on behind it', async () => {
    const { journal } = world();
    await journal.begin(PARTITION, rangeOf(7, 11, { windowStart: 2 }));
    expect(await journal.finish(PARTITION, rangeOf(7, 11, { windowStart: 2 }), NOTHING)).toBe(true);
    expect(await journal.position(PARTITION)).toEqual({ next: 12, windowStart: 2, time: BUILT_AT + 11, open: null });
    expect(await journal.begin(PARTITION, rangeOf(12, 12, { windowStart: null }))).toBe(true);
    expect(await journal.position(PARTITION)).toMatchObject({ next: 12, windowStart: 2, time: BUILT_AT + 11 });
  });

  it('keeps what is refused later', async () => {
    const { journal } = world();
    const range = rangeOf(0, 4);
    const refused = [{ kind: 'session', index: 1, code: 'store_refused', message: 'why' }] as const;
    await journal.begin(PARTITION, range);
    expect(await journal.refuse(PARTITION, range, refused)).toBe(true);
    expect((await journal.position(PARTITION)).open).toMatchObject({ ...range, refused });
    // Who does not know of them may neither add to them nor say that the range is done.
    expect(await journal.refuse(PARTITION, range, [])).toBe(false);
    expect(await journal.finish(PARTITION, range, NOTHING)).toBe(false);
    expect(await journal.finish(PARTITION, { ...range, refused }, NOTHING)).toBe(true);
  });

  it('keeps partitions apart', async () => {
    const { journal } = world();
    await journal.begin(PARTITION, rangeOf(0, 4));
    const others = [
      { ...PARTITION, partition: 1 },
      { ...PARTITION, generation: 2 },
      { ...PARTITION, topic: 'sessions' },
      { ...PARTITION, group: 'other' },
    ] as const;
    for (const [index, partition] of others.entries()) {
      expect(await journal.position(partition)).toMatchObject({ next: null, open: null });
      expect(await journal.begin(partition, rangeOf(100 + index, 200))).toBe(true);
      expect(await journal.position(partition)).toMatchObject({ next: 100 + index });
    }
    expect(await journal.position(PARTITION)).toMatchObject({ next: 0 });
  });
}

function ownershipCases(world: () => World): void {
  it.each([
    ['before the head', 3],
    ['beyond the head', 6],
  ])('opens no range %s', async (_, first) => {
    const { journal } = world();
    await journal.begin(PARTITION, rangeOf(0, 4));
    await journal.finish(PARTITION, rangeOf(0, 4), NOTHING);
    expect(await journal.begin(PARTITION, rangeOf(first, 9))).toBe(false);
    expect(await journal.position(PARTITION)).toMatchObject({ next: 5, open: null });
  });

  it('opens one range at a time', async () => {
    const { journal } = world();
    await journal.begin(PARTITION, rangeOf(0, 4));
    expect(await journal.begin(PARTITION, rangeOf(0, 9))).toBe(false);
    expect(await journal.begin(PARTITION, rangeOf(5, 9))).toBe(false);
    expect((await journal.position(PARTITION)).open).toMatchObject({ first: 0, last: 4 });
  });

  it.each([[true], [false]])(
    'lets one of several win that begin at once; partition with a head: %s',
    async (hasHead) => {
      const { journal } = world();
      if (hasHead) {
        await journal.begin(PARTITION, rangeOf(-1, -1));
        await journal.finish(PARTITION, rangeOf(-1, -1), NOTHING);
      }
      const begun = await Promise.all([1, 2, 3, 4].map((last) => journal.begin(PARTITION, rangeOf(0, last))));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect((await journal.position(PARTITION)).open?.last).toBe(begun.indexOf(true) + 1);
    },
  );

  it('is done once, whoever says so, and only as it was begun', async () => {
    const { journal } = world();
    const range = rangeOf(0, 4, { accepted: countsOf(world(), 2) });
    const outcome = { ...NOTHING, stored: countsOf(world(), 2) };
    expect(await journal.finish(PARTITION, range, outcome)).toBe(false);
    await journal.begin(PARTITION, range);
    expect(await journal.finish(PARTITION, { ...range, last: 3 }, outcome)).toBe(false);
    const done = await Promise.all([1, 2, 3].map(() => journal.finish(PARTITION, range, outcome)));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await journal.finish(PARTITION, range, outcome)).toBe(false);
    expect(await journal.refuse(PARTITION, range, [])).toBe(false);
    expect(await ledgerOf(world())).toMatchObject([{ accepted: 2, stored: 2 }]);
  });
}

function ledgerCases(world: () => World): void {
  it('adds what became of a range, quarantine kept once', async () => {
    const { journal, project, ledger } = world();
    const of = (stage: 'ingest' | 'decode' | 'store') => quarantineEntry({ projectId: project.id, stage });
    const entries = [of('ingest'), of('decode'), of('store')];
    const uncounted = [quarantineEntry({ projectId: project.id, stage: 'store', id: uuidv7(BUILT_AT - 5) })];
    const range = rangeOf(0, 9, { accepted: countsOf(world(), 10), duplicates: countsOf(world(), 1) });
    await journal.begin(PARTITION, range);
    expect(await ledgerOf(world())).toEqual([]);
    const outcome = { stored: countsOf(world(), 6), duplicates: countsOf(world(), 1), quarantine: entries, uncounted };
    await journal.finish(PARTITION, range, outcome);
    const counts = { accepted: 10, stored: 6, duplicate: 2, rejected: 1, quarantinedLater: 2 };
    expect(await ledgerOf(world())).toMatchObject([counts]);
    const again = rangeOf(10, 12, { accepted: countsOf(world(), 2) });
    await journal.begin(PARTITION, again);
    await journal.finish(PARTITION, again, { ...NOTHING, quarantine: entries, uncounted });
    const [row] = await ledgerOf(world());
    expect(row).toMatchObject({ ...counts, accepted: 12, duplicate: 4 });
    expect(row && unaccounted(row)).toBe(0);
    const filter = { orgId: project.orgId, projectId: project.id, code: null, stage: null, after: null, limit: 9 };
    expect(await ledger.quarantine(filter)).toHaveLength(4);
  });

  it('keeps what belongs to no known project where no tenant sees it', async () => {
    const { journal, project, ledger } = world();
    for (const [first, projectId] of ['01900000-0000-7000-8000-00000000dead', 'no uuid', ''].entries()) {
      const range = rangeOf(first, first, { accepted: { [projectId]: { '5': 1 } } });
      const quarantine = [quarantineEntry({ projectId, stage: 'store' })];
      expect(await journal.begin(PARTITION, range)).toBe(true);
      expect(await journal.finish(PARTITION, range, { ...NOTHING, quarantine })).toBe(true);
    }
    expect(await ledgerOf(world())).toEqual([]);
    expect(await ledger.quarantineCounts(project.orgId, project.id)).toEqual([]);
  });
}

function recountCases(world: () => World): void {
  const store = async (first: number, n: number, minute = MINUTE): Promise<void> => {
    const range = rangeOf(first, first, { accepted: countsOf(world(), n, minute) });
    await world().journal.begin(PARTITION, range);
    await world().journal.finish(PARTITION, range, { ...NOTHING, stored: countsOf(world(), n, minute) });
  };

  it('tells what is stored per minute, and calls a part of it duplicates', async () => {
    const { journal, project } = world();
    await store(0, 5);
    await store(1, 2, MINUTE + 1);
    await store(2, 9, MINUTE + 2);
    const minutes = await journal.storedBetween(MINUTE, MINUTE + 2);
    expect(minutes.toSorted((a, b) => a.minute - b.minute)).toEqual([
      { projectId: project.id, minute: MINUTE, stored: 5 },
      { projectId: project.id, minute: MINUTE + 1, stored: 2 },
    ]);
    const [first, second] = minutes.toSorted((a, b) => a.minute - b.minute);
    if (first === undefined || second === undefined) throw new TypeError('two minutes were stored');
    expect(
      await journal.recount([
        { ...first, actual: 3 },
        { ...second, actual: 2 },
      ]),
    ).toBe(2);
    expect(await ledgerOf(world())).toMatchObject([
      { accepted: 5, stored: 3, duplicate: 2 },
      { accepted: 2, stored: 2, duplicate: 0 },
      { accepted: 9, stored: 9, duplicate: 0 },
    ]);
  });

  it('leaves a minute alone that has changed since, or has more than it says', async () => {
    const { journal, project } = world();
    await store(0, 5);
    const minute = { projectId: project.id, minute: MINUTE };
    expect(await journal.recount([{ ...minute, stored: 4, actual: 3 }])).toBe(0);
    expect(await journal.recount([{ ...minute, stored: 5, actual: 6 }])).toBe(0);
    expect(await journal.recount([])).toBe(0);
    expect(await ledgerOf(world())).toMatchObject([{ stored: 5, duplicate: 0 }]);
  });
}
