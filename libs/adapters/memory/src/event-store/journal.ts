import { isUuid, type RecordCounts } from '@productgraph/contracts';
import type {
  BlockJournal,
  BlockRange,
  OpenRange,
  RangeOutcome,
  RecountedMinute,
  StoredMinute,
} from '@productgraph/domain-event';
import { LedgerTally, type FindEvent, type LedgerStore } from '@productgraph/domain-ledger';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { Clock, GroupPartition } from '@productgraph/kernel';
import { emptyContents, type StoreContents } from './contents.ts';
import { memoryLedger } from './ledger.ts';
import { addTally, countEntry, headKey, keepEntry, NOBODY, type Owners } from './write.ts';

export interface MemoryJournalOptions {
  readonly projects: ProjectDirectory;
  readonly clock: Clock;
  /** Finds events in the store that the journal is for. */
  readonly findEvent: FindEvent;
}

export interface MemoryBlockJournal extends BlockJournal {
  /** Ledger and quarantine. */
  readonly ledger: LedgerStore;
}

type Begun = Omit<OpenRange, 'ageMs'> & { readonly begunAt: number };

const NO_HEAD = { next: null, windowStart: null, time: 0 } as const;

function projectsOf(range: BlockRange, { stored, duplicates, quarantine, uncounted }: RangeOutcome): Set<string> {
  const counts: RecordCounts[] = [range.accepted, range.duplicates, stored, duplicates];
  return new Set([
    ...counts.flatMap((one) => Object.keys(one)),
    ...[...quarantine, ...uncounted].map(({ projectId }) => projectId),
  ]);
}

interface Finishing {
  readonly range: BlockRange;
  readonly outcome: RangeOutcome;
  readonly owners: Owners;
}

function account(contents: StoreContents, { range, outcome, owners }: Finishing): void {
  const tally = new LedgerTally();
  tally.addCounts(range.accepted, 'accepted');
  tally.addCounts(range.duplicates, 'duplicate');
  tally.addCounts(outcome.stored, 'stored');
  tally.addCounts(outcome.duplicates, 'duplicate');
  for (const entry of outcome.quarantine) countEntry(tally, entry, keepEntry(contents, owners, entry));
  for (const entry of outcome.uncounted) keepEntry(contents, owners, entry);
  addTally(contents, tally, owners);
}

function storedBetween({ ledger }: StoreContents, from: number, to: number): StoredMinute[] {
  return [...ledger.values()]
    .filter(({ orgId, row }) => orgId !== NOBODY && row.minute >= from && row.minute < to && row.stored > 0)
    .map(({ row: { projectId, minute, stored } }) => ({ projectId, minute, stored }));
}

function recount({ ledger }: StoreContents, minutes: readonly RecountedMinute[]): number {
  let moved = 0;
  for (const { projectId, minute, stored, actual } of minutes) {
    const kept = [...ledger.values()].find(({ row }) => row.projectId === projectId && row.minute === minute);
    if (kept?.row.stored !== stored || actual >= stored) continue;
    kept.row.duplicate += stored - actual;
    kept.row.stored = actual;
    moved += stored - actual;
  }
  return moved;
}

/** The journal in maps: every step is one turn of the event loop. */
export function createMemoryBlockJournal({ projects, clock, findEvent }: MemoryJournalOptions): MemoryBlockJournal {
  const contents = emptyContents();
  const open = new Map<string, Begun>();
  const orgOf = async (projectId: string): Promise<string | null> =>
    isUuid(projectId) ? ((await projects.find(projectId))?.orgId ?? null) : null;
  const isOpen = (partition: GroupPartition, { first, last, refused }: BlockRange): boolean => {
    const found = open.get(headKey(partition));
    return found?.first === first && found.last === last && sameText(found.refused, refused);
  };
  return {
    ledger: memoryLedger(contents, { orgOf, findEvent }),
    position: async (partition) => {
      const found = open.get(headKey(partition));
      const head = contents.heads.get(headKey(partition)) ?? NO_HEAD;
      if (found === undefined) return { ...head, open: null };
      const { begunAt, ...range } = found;
      return { ...head, open: { ...range, ageMs: clock.now() - begunAt } };
    },
    begin: async (partition, range) => {
      const key = headKey(partition);
      const head = contents.heads.get(key) ?? { ...NO_HEAD, next: range.first };
      if (head.next !== range.first || open.has(key)) return false;
      contents.heads.set(key, head);
      open.set(key, { ...range, begunAt: clock.now() });
      return true;
    },
    refuse: async (partition, range, refused) => {
      if (!isOpen(partition, range)) return false;
      const key = headKey(partition);
      const { begunAt = clock.now() } = open.get(key) ?? {};
      open.set(key, { ...range, refused, begunAt });
      return true;
    },
    finish: async (partition, range, outcome) => {
      const owners = new Map<string, string | null>();
      for (const projectId of projectsOf(range, outcome)) owners.set(projectId, await orgOf(projectId));
      if (!isOpen(partition, range)) return false;
      const { last, windowStart, time } = range;
      contents.heads.set(headKey(partition), { next: last + 1, windowStart, time });
      open.delete(headKey(partition));
      account(contents, { range, outcome, owners });
      return true;
    },
    storedBetween: async (from, to) => storedBetween(contents, from, to),
    recount: async (minutes) => recount(contents, minutes),
  };
}

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
