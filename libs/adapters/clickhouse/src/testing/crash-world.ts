import {
  createMemoryBlockJournal,
  createMemoryTenantStore,
  type MemoryBlockJournal,
} from '@productgraph/adapter-memory';
import { uuidv7, type RecordCounts, type StoredEvent } from '@productgraph/contracts';
import type { BlockEvent, BlockJournal, EventStore, StoreBlock } from '@productgraph/domain-event';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { GroupPartition } from '@productgraph/kernel';
import { BUILT_AT, organisationOf, projectOf, quarantineEntry, sessionRow, storedEvent } from '@productgraph/testing';

export const PARTITION: GroupPartition = { group: 'event-writer', topic: 'events', generation: 1, partition: 0 };

/** What happens to an event of the log. */
export const KINDS = ['good', 'copy', 'unstorable', 'poison', 'homeless'] as const;
export type Kind = (typeof KINDS)[number];

/** A record of the log. */
export interface SpecRecord {
  readonly events: readonly Kind[];
  readonly sessions: number;
  readonly quarantine: number;
}

/** Two projects of one organisation, a journal and a clock that can be moved. */
export interface SpecTenants {
  readonly journal: MemoryBlockJournal;
  readonly projects: ProjectDirectory;
  readonly ids: readonly [string, string];
  readonly orgId: string;
  wait(ms: number): void;
}

export async function openTenants(): Promise<SpecTenants> {
  let now = BUILT_AT;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const tenants = createMemoryTenantStore({ clock });
  const organisation = organisationOf();
  await tenants.createOrganisation(organisation, 'system');
  const [one, two] = [projectOf({ orgId: organisation.id }), projectOf({ orgId: organisation.id, name: 'Other' })];
  for (const project of [one, two]) await tenants.createProject(project, 'system');
  const projects = tenants.projectDirectory;
  return {
    journal: createMemoryBlockJournal({ projects, clock, findEvent: () => Promise.resolve(null) }),
    projects,
    ids: [one.id, two.id],
    orgId: organisation.id,
    wait: (ms) => void (now += ms),
  };
}

/** A log in memory; what it gives is always the same. */
export class SpecLog {
  readonly #records: readonly SpecRecord[];
  readonly #ids: readonly [string, string];
  /** Names what no row's text holds otherwise. */
  readonly poison: string;

  constructor(records: readonly SpecRecord[], ids: readonly [string, string], poison: string) {
    this.#records = records;
    this.#ids = ids;
    this.poison = poison;
  }

  get end(): number {
    return this.#records.length;
  }

  /** Ids of events that must be stored once. */
  get good(): string[] {
    return this.#records.flatMap(({ events }, offset) =>
      events.flatMap((kind, index) => (kind === 'good' ? [idOf(offset, index)] : [])),
    );
  }

  /** Records from `first` up to `end`, exclusive, as the event-writer makes them a block. */
  block(first: number, end: number): StoreBlock {
    const records = this.#records.slice(first, end).map((record, at) => ({ record, offset: first + at }));
    const events = records.flatMap(({ record, offset }) => this.#events(record, offset));
    return {
      partition: PARTITION,
      first,
      last: end - 1,
      windowStart: first,
      time: BUILT_AT + end,
      events,
      sessions: records.flatMap(({ record, offset }) =>
        Array.from({ length: record.sessions }, (_, n) =>
          sessionRow({ projectId: this.#ids[0], sessionId: `<session-${offset}-${n}>`, start: BUILT_AT }),
        ),
      ),
      quarantine: records.flatMap(({ record, offset }) =>
        Array.from({ length: record.quarantine }, (_, n) =>
          quarantineEntry({
            projectId: this.#ids[1],
            stage: 'decode',
            id: uuidv7(BUILT_AT + offset, Buffer.alloc(10, n)),
          }),
        ),
      ),
      accepted: countsOf(records.flatMap(({ record, offset }) => this.#all(record, offset))),
      duplicates: {},
    };
  }

  /** Quarantined lines were accepted too, and are no events. */
  #all(record: SpecRecord, offset: number): StoredEvent[] {
    const lines = Array.from({ length: record.quarantine }, () =>
      storedEvent({ projectId: this.#ids[1], timestamp: BUILT_AT }),
    );
    return [...this.#events(record, offset).map(({ event }) => event), ...lines];
  }

  #events({ events }: SpecRecord, offset: number): BlockEvent[] {
    let before: StoredEvent | null = null;
    return events.map((kind, index) => {
      const made = kind === 'copy' && before !== null ? before : this.#event(kind, offset, index);
      if (kind === 'good') before = made;
      return { event: made, offset };
    });
  }

  #event(kind: Kind, offset: number, index: number): StoredEvent {
    const known = this.#ids[(offset + index) % 2] ?? '';
    return storedEvent({
      eventId: kind === 'good' ? idOf(offset, index) : `<${kind}-${offset}-${index}>`,
      projectId: kind === 'homeless' ? '01900000-0000-7000-8000-00000000dead' : known,
      userId: `user ${(offset * 7 + index) % 5}`,
      timestamp: BUILT_AT - (offset % 4 === 3 ? 31 * 86_400_000 : 0),
      receivedAt: BUILT_AT + offset,
      pageTitle: kind === 'poison' ? this.poison : null,
      properties: kind === 'unstorable' ? '{' : '{}',
    });
  }
}

const idOf = (offset: number, index: number): string => `<event-${offset}-${index}>`;

function countsOf(events: readonly StoredEvent[]): RecordCounts {
  const counts: Record<string, Record<string, number>> = {};
  for (const { projectId, receivedAt } of events) {
    const minutes = (counts[projectId] ??= {});
    const minute = String(Math.floor(receivedAt / 60_000));
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  return counts;
}

/** The process died: whatever it had in memory is gone. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Runs work and dies before or after the `at`th time it is asked to; never, when `at` is beyond what it is asked. */
export function mortal(at: number): <T>(work: () => T | Promise<T>) => Promise<T> {
  let left = at;
  return async (work) => {
    if (left-- === 0) throw new Crash();
    const result = await work();
    if (left-- === 0) throw new Crash();
    return result;
  };
}

/** The journal of a process that dies. */
export function mortalJournal(journal: BlockJournal, around: ReturnType<typeof mortal>): BlockJournal {
  return {
    position: (partition) => around(() => journal.position(partition)),
    begin: (partition, range) => around(() => journal.begin(partition, range)),
    refuse: (partition, range, refused) => around(() => journal.refuse(partition, range, refused)),
    finish: (partition, range, outcome) => around(() => journal.finish(partition, range, outcome)),
    storedBetween: (from, to) => journal.storedBetween(from, to),
    recount: (minutes) => journal.recount(minutes),
  };
}

/** Reads the log from the store's position to its end in batches of these sizes, over and over; false = it lost the partition. */
export async function writeAll(store: EventStore, log: SpecLog, sizes: readonly number[]): Promise<boolean> {
  let next = (await store.position(PARTITION)).next ?? 0;
  for (let n = 0; next < log.end; n++) {
    const end = Math.min(log.end, next + (sizes[n % sizes.length] ?? 1));
    if ((await store.write(log.block(next, end))) === null) return false;
    next = end;
  }
  return true;
}
