import type { QuarantineEntry } from '@productgraph/contracts';
import type { EventTrace, FindEvent, LedgerStore, QuarantineFilter } from '@productgraph/domain-ledger';
import type { StoreContents } from './contents.ts';

type Kept = StoreContents['quarantine'] extends Map<string, infer Value> ? Value : never;

const newestFirst = (a: Kept, b: Kept): number =>
  b.entry.receivedAt - a.entry.receivedAt || (a.entry.id < b.entry.id ? 1 : -1);

function entriesOf(contents: StoreContents, orgId: string, projectId: string): Kept[] {
  return [...contents.quarantine.values()]
    .filter((kept) => kept.orgId === orgId && kept.entry.projectId === projectId)
    .sort(newestFirst);
}

function list(contents: StoreContents, filter: QuarantineFilter): QuarantineEntry[] {
  const all = entriesOf(contents, filter.orgId, filter.projectId);
  const last = filter.after === null ? -1 : all.findIndex(({ entry }) => entry.id === filter.after);
  if (filter.after !== null && last < 0) return [];
  return all
    .slice(last + 1)
    .filter(({ replayed }) => !replayed)
    .map(({ entry }) => entry)
    .filter(({ code }) => filter.code === null || code === filter.code)
    .filter(({ stage }) => filter.stage === null || stage === filter.stage)
    .slice(0, filter.limit);
}

function countReasons(entries: readonly Kept[]): { code: string; stage: string; count: number }[] {
  const counts = new Map<string, { code: string; stage: string; count: number }>();
  for (const { entry } of entries) {
    const key = `${entry.code} ${entry.stage}`;
    const known = counts.get(key) ?? { code: entry.code, stage: entry.stage, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  const name = ({ code, stage }: { code: string; stage: string }): string => `${code} ${stage}`;
  return [...counts.values()].sort((a, b) => b.count - a.count || (name(a) < name(b) ? -1 : 1));
}

/** Finds events among what the store itself holds. */
export function findIn(contents: StoreContents): FindEvent {
  return async (projectId, eventId) => {
    const [first] = [...contents.events.values()]
      .filter(({ event }) => event.projectId === projectId && event.eventId === eventId)
      .sort((a, b) => a.event.receivedAt - b.event.receivedAt || a.offset - b.offset);
    if (first === undefined) return null;
    const { timestamp, receivedAt } = first.event;
    return { timestamp, receivedAt, logPartition: first.partition, logOffset: first.offset };
  };
}

async function trace(entries: readonly Kept[], find: FindEvent, event: EventName): Promise<EventTrace> {
  const { projectId, eventId } = event;
  const refused = entries.find(({ entry, replayed }) => entry.eventId === eventId && !replayed);
  return { eventId, stored: await find(projectId, eventId), quarantined: refused?.entry ?? null };
}

interface EventName {
  readonly projectId: string;
  readonly eventId: string;
}

export interface MemoryLedgerDeps {
  /** Organisation of a project, null when there is none: events are kept by project only. */
  readonly orgOf: (projectId: string) => Promise<string | null>;
  readonly findEvent: FindEvent;
}

/** Ledger and quarantine of a memory event store or journal. */
export function memoryLedger(contents: StoreContents, { orgOf, findEvent }: MemoryLedgerDeps): LedgerStore {
  const open = (orgId: string, projectId: string, ids: readonly string[]): Kept[] =>
    entriesOf(contents, orgId, projectId).filter((kept) => ids.includes(kept.entry.id) && !kept.replayed);
  return {
    rows: async ({ orgId, projectId, from, to }) =>
      [...contents.ledger.values()]
        .filter((kept) => kept.orgId === orgId && kept.row.projectId === projectId)
        .map(({ row }) => ({ ...row }))
        .filter(({ minute }) => minute >= from && minute < to)
        .sort((a, b) => a.minute - b.minute),
    quarantine: async (filter) => list(contents, filter),
    quarantineCounts: async (orgId, projectId) =>
      countReasons(entriesOf(contents, orgId, projectId).filter(({ replayed }) => !replayed)),
    replayable: async (orgId, projectId, ids) => open(orgId, projectId, ids).map(({ entry }) => entry),
    markReplayed: async (orgId, projectId, ids) => {
      for (const kept of open(orgId, projectId, ids)) kept.replayed = true;
    },
    trace: async (orgId, projectId, eventId) =>
      (await orgOf(projectId)) === orgId
        ? trace(entriesOf(contents, orgId, projectId), findEvent, { projectId, eventId })
        : { eventId, stored: null, quarantined: null },
  };
}
