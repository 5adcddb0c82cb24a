import {
  compareVersions,
  eventIdHash,
  packLines,
  unpackLines,
  type SessionRow,
  type StoredEvent,
} from '@productgraph/contracts';
import {
  createMemoryEventStore,
  createMemoryLog,
  createMemorySettlementProgress,
  createMemoryStateStore,
} from '@productgraph/adapter-memory';
import type { EventDecoder, EventStore, StoreBlock } from '@productgraph/domain-event';
import { partKey } from '@productgraph/domain-session';
import type { Project } from '@productgraph/domain-tenant';
import {
  createPartitionRunner,
  type Clock,
  type ConsumedRecord,
  type GroupPartition,
  type PartitionHandler,
  type PartitionRef,
  type PartitionTask,
  type TaskBatch,
} from '@productgraph/kernel';
import { createProjectSettings } from './project-settings.ts';
import { createSessionRowSink } from './session-rows.ts';
import { createSessionTask, SESSION_GROUP } from './session-task.ts';
import { createPartitionSettlement, type SettlementRun } from './settlement/settlement.ts';
import type { SettlementDeps } from './settlement/options.ts';
import type { SessionTelemetry, SettlementTelemetry } from './telemetry.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** Midnight UTC: where histories begin. */
export const START = Date.UTC(2026, 2, 4);

const PROJECT: Project = {
  id: '01900000-0000-7000-8000-000000000001', orgId: '01900000-0000-7000-8000-00000000000a', name: 'Shop', timeZone: 'UTC',
  retentionDays: null, sessionIdleMinutes: 30, sessionMaxHours: 24, limits: {},
  quota: { eventsPerSecond: null, eventsPerMonth: null }, createdAt: START,
}; // prettier-ignore

const EVENTS: PartitionRef = { topic: 'events', generation: 1, partition: 0 };
const SESSIONS: PartitionRef = { ...EVENTS, topic: 'sessions' };

const decode: EventDecoder = (record) =>
  unpackLines(record.payload).map((line) => ({ kind: 'ok', value: JSON.parse(line) as StoredEvent }));

/** Facts told, by name. */
export type Told = Record<string, unknown[]>;

function listener<T extends object>(names: readonly (keyof T & string)[], told: Told): T {
  const entries = names.map((name) => [name, (fact: unknown) => void (told[name] ??= []).push(fact)]);
  return Object.fromEntries(entries) as T;
}

/** One partition of a deployment: log, live fold, event-writer and settlement over the memory adapters, clock in hand. */
export class World {
  now = START;
  readonly clock: Clock = { now: () => this.now, sleep: () => Promise.resolve() };
  readonly log = createMemoryLog({ clock: this.clock, partitions: 1 });
  readonly state = createMemoryStateStore();
  readonly directory = {
    find: (id: string): Promise<Project | null> => Promise.resolve(id === PROJECT.id ? PROJECT : null),
  };
  readonly store = createMemoryEventStore({ projects: this.directory });
  readonly progress = createMemorySettlementProgress();
  readonly told: Told = {};
  readonly liveTelemetry = listener<SessionTelemetry>(['rowsEmitted', 'settingsStale', 'lateReceipts'], this.told);
  readonly telemetry = listener<SettlementTelemetry>(
    ['settled', 'waiting', 'userFailed', 'sessionTooLarge', 'failed'],
    this.told,
  );
  readonly settings = createProjectSettings({
    directory: this.directory,
    clock: this.clock,
    telemetry: this.liveTelemetry,
  });
  readonly sink = createSessionRowSink({ log: this.log, clock: this.clock, producer: 'spec' });
  readonly deps: SettlementDeps = {
    log: this.log, state: this.state, store: this.store, progress: this.progress, settings: this.settings,
    sink: this.sink, clock: this.clock, telemetry: this.telemetry,
  }; // prettier-ignore
  #sessions: Reader | null = null;
  #writers: readonly Reader[] | null = null;

  /** Appends one record. The clock moves to the latest time of receipt. */
  async receive(...events: readonly StoredEvent[]): Promise<void> {
    const receivedAt = Math.max(...events.map((event) => event.receivedAt));
    this.now = Math.max(this.now, receivedAt);
    await this.log.append([{ topic: 'events', partition: 0, records: [recordOf(events, receivedAt)] }]);
  }

  /** Live sessions fold to the log's end and hear the clock. */
  async fold(): Promise<void> {
    this.#sessions ??= await this.#open(SESSION_GROUP, EVENTS, createSessionTask({
      store: this.state, sink: this.sink, decode, settings: this.settings, progress: this.progress, telemetry: this.liveTelemetry,
    })); // prettier-ignore
    await this.#sessions.toEnd();
  }

  /** The event-writer stores what is in the log. */
  async write(): Promise<void> {
    this.#writers ??= [
      await this.#open('event-writer', EVENTS, writerOf(this.store)),
      await this.#open('event-writer', SESSIONS, writerOf(this.store)),
    ];
    for (const writer of this.#writers) await writer.toEnd();
  }

  /** The session-processor starts again; `lost`: with the state store emptied. */
  restart({ lost }: { readonly lost: boolean }): void {
    if (lost) this.state.clear();
    this.#sessions = null;
  }

  /** Folds, writes and settles until nothing is left to do now. A fault makes a new settlement go on from the durable progress. */
  async settle(deps: SettlementDeps = this.deps, isFault: (error: unknown) => boolean = () => false): Promise<void> {
    let settlement = createPartitionSettlement(EVENTS, deps);
    let run: SettlementRun = 'worked';
    for (let turn = 0; run !== 'idle'; turn++) {
      if (turn > 5_000) throw new Error('Settlement does not come to an end');
      await this.fold();
      await this.write();
      try {
        run = await settlement.run();
      } catch (error) {
        if (!isFault(error)) throw error;
        settlement = createPartitionSettlement(EVENTS, deps);
      }
    }
    await this.write();
  }

  async #open(
    group: string,
    partition: PartitionRef,
    task: (partition: GroupPartition) => PartitionTask,
  ): Promise<Reader> {
    const runner = createPartitionRunner({ group, log: this.log, clock: this.clock, task });
    const from = await runner.assigned(partition, await this.log.watermarks(partition));
    return new Reader(runner, partition, { from, records: () => this.log.records(partition.topic, 0) });
  }

  /** Every row that was ever appended to topic `sessions`. */
  emitted(): SessionRow[] {
    return this.log
      .records('sessions', 0)
      .flatMap((record) => unpackLines(record.payload).map((line) => JSON.parse(line) as SessionRow));
  }

  /** What readers see: the highest version per part, merged ones left out. */
  async standing(userKey = 'u:ann'): Promise<SessionRow[]> {
    const range = { projectId: PROJECT.id, userKey, from: Date.UTC(2000, 0), to: Date.UTC(2100, 0) };
    const highest = new Map<string, SessionRow>();
    for (const row of await this.store.userSessions(range)) {
      const known = highest.get(partKey(row));
      if (known === undefined || compareVersions(row.version, known.version) > 0) highest.set(partKey(row), row);
    }
    return [...highest.values()].filter((row) => row.state !== 'merged');
  }
}

class Reader {
  readonly #handler: PartitionHandler;
  readonly #partition: PartitionRef;
  readonly #records: () => readonly ConsumedRecord[];
  #next: number;

  constructor(
    handler: PartitionHandler,
    partition: PartitionRef,
    source: { readonly from: number; readonly records: () => readonly ConsumedRecord[] },
  ) {
    this.#handler = handler;
    this.#partition = partition;
    this.#records = source.records;
    this.#next = source.from;
  }

  async toEnd(): Promise<void> {
    for (;;) {
      const all = this.#records();
      while (this.#next < all.length) {
        const records = all.slice(this.#next, this.#next + 7);
        this.#next = await this.#handler.batch({ partition: this.#partition, records, high: all.length });
      }
      const seek = await this.#handler.idle(this.#partition);
      if (seek === null) return;
      this.#next = seek;
    }
  }
}

function recordOf(events: readonly StoredEvent[], receivedAt: number): ConsumedRecord {
  const ids = Buffer.alloc(events.length * 8);
  const minutes: Record<string, number> = {};
  for (const [at, event] of events.entries()) {
    const { hi, lo } = eventIdHash(event.projectId, event.eventId);
    ids.writeUInt32BE(hi, at * 8);
    ids.writeUInt32BE(lo, at * 8 + 4);
    const minute = String(Math.floor(event.receivedAt / MINUTE));
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  const payload = packLines(events.map((event) => JSON.stringify(event)));
  const counts = { [PROJECT.id]: minutes };
  return { offset: 0, schema: 'events/1', count: events.length, receivedAt, ids, counts, producer: 'spec', payload };
}

function blockOf(batch: TaskBatch): StoreBlock {
  const first = batch.records[0]?.offset ?? 0;
  const { next, windowStart, time } = batch.position;
  const events = batch.records.flatMap((record, at) =>
    record.schema !== 'events/1'
      ? []
      : decode(record).flatMap((line, n) =>
          line.kind === 'ok' && !batch.isDuplicate(at, n) ? [{ event: line.value, offset: record.offset }] : [],
        ),
  );
  const sessions = batch.records
    .filter((record) => record.schema === 'sessions/1')
    .flatMap((record) => unpackLines(record.payload).map((line) => JSON.parse(line) as SessionRow));
  const { partition } = batch;
  return { partition, first, last: next - 1, windowStart, time, events, sessions, quarantine: [], accepted: {}, duplicates: {} }; // prettier-ignore
}

const writerOf =
  (store: EventStore) =>
  (partition: GroupPartition): PartitionTask => ({
    open: () => store.position(partition),
    batch: async (batch) => (await store.write(blockOf(batch))) !== null,
    tick: () => Promise.resolve(true),
  });
