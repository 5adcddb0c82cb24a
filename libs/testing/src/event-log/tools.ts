import type { LogRecord, Topic } from '@productgraph/contracts';
import type {
  Clock,
  ConsumedRecord,
  EventLog,
  LogBatch,
  PartitionHandler,
  PartitionRef,
  Subscription,
  Watermarks,
} from '@productgraph/kernel';
import { setTimeout as sleep } from 'node:timers/promises';

/** A log under test. Its topic `events` must have 4 partitions and a dedupe window of 1,000 events. */
export interface EventLogFixture {
  readonly log: EventLog;
  /** The same log as another process sees it; the same object where there can be only one process. */
  readonly other: EventLog;
  /** Lets the log drop what it may, whatever its age; fixtures keep at most 8 records longer than they must. */
  trim(): Promise<unknown>;
  close(): Promise<void>;
}

export type EventLogFactory = () => Promise<EventLogFixture>;

/** The wall clock, for suites that run against real servers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal && { signal });
  },
};

/** Resolves when `holds` does; looks every 5 ms. @throws after 60 s, with what was waited for: machines that run tests are busy */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited 60 s in vain until ${what}`);
    await sleep(5);
  }
}

/** A record that can be told from others by its producer. */
export function recordOf(name: string, changes: Partial<LogRecord> = {}): LogRecord {
  return {
    schema: 'events/1',
    count: 1,
    receivedAt: 1_760_000_000_000,
    ids: Buffer.from('0102030405060708', 'hex'),
    counts: { project: { '29333333': 1 } },
    producer: name,
    payload: Buffer.from(`payload of ${name}`),
    ...changes,
  };
}

/** `n` records named `<prefix>0`, `<prefix>1`, … */
export function recordsOf(prefix: string, n: number): LogRecord[] {
  return Array.from({ length: n }, (_, index) => recordOf(`${prefix}${index}`));
}

export const TOPIC: Topic = 'events';

export async function partitionOf(log: EventLog, partition = 0): Promise<PartitionRef> {
  const { generation } = await log.topic(TOPIC);
  return { topic: TOPIC, generation, partition };
}

/** What a recording handler does differently; by default it reads everything from the log's low end on. */
export interface Behaviour {
  readonly assigned?: (partition: PartitionRef, marks: Watermarks) => number | Promise<number>;
  readonly batch?: (batch: LogBatch) => number | undefined | Promise<number | undefined>;
  readonly idle?: (partition: PartitionRef) => number | null;
  readonly maxRecords?: number;
  readonly idleMs?: number;
}

/** A handler with its notes, for one partition or all. */
export interface Recording extends Subscription {
  /** Calls in order: `assigned 0`, `batch 0 3..5`, `idle 0`, `revoked 0`. */
  readonly calls: readonly string[];
  readonly batches: readonly LogBatch[];
  /** Records of a partition in the order in which they came. */
  records(partition?: number): ConsumedRecord[];
  names(partition?: number): string[];
  /** True when two calls for one partition were under way at once. */
  overlapped: () => boolean;
}

interface Notes {
  readonly handler: PartitionHandler;
  readonly calls: string[];
  readonly batches: LogBatch[];
  readonly overlapped: () => boolean;
}

function noting(behaviour: Behaviour): Notes {
  const calls: string[] = [];
  const batches: LogBatch[] = [];
  const busy = new Set<number>();
  let overlap = false;

  async function during<T>(call: string, { partition }: PartitionRef, work: () => T | Promise<T>): Promise<T> {
    calls.push(call);
    overlap ||= busy.has(partition);
    busy.add(partition);
    try {
      return await work();
    } finally {
      busy.delete(partition);
    }
  }

  const handler: PartitionHandler = {
    assigned: (ref, marks) =>
      during(`assigned ${ref.partition}`, ref, () => behaviour.assigned?.(ref, marks) ?? marks.low),
    batch: (batch) => {
      const { partition, records } = batch;
      const last = records.at(-1)?.offset ?? -1;
      batches.push(batch);
      return during(
        `batch ${partition.partition} ${records[0]?.offset ?? -1}..${last}`,
        partition,
        async () => (await behaviour.batch?.(batch)) ?? last + 1,
      );
    },
    idle: (ref) => during(`idle ${ref.partition}`, ref, () => behaviour.idle?.(ref) ?? null),
    revoked: (ref) => during(`revoked ${ref.partition}`, ref, () => undefined),
  };
  return { handler, calls, batches, overlapped: () => overlap };
}

/** Consumes `events` as `group` and takes notes. */
export async function record(log: EventLog, group: string, behaviour: Behaviour = {}): Promise<Recording> {
  const { handler, calls, batches, overlapped } = noting(behaviour);
  const { maxRecords, idleMs } = behaviour;
  const subscription = await log.consume({
    group,
    topics: [TOPIC],
    handler,
    ...(maxRecords !== undefined && { maxRecords }),
    ...(idleMs !== undefined && { idleMs }),
  });
  const records = (partition = 0): ConsumedRecord[] =>
    batches.flatMap((batch) => (batch.partition.partition === partition ? batch.records : []));
  return {
    ...subscription,
    calls,
    batches,
    records,
    names: (partition) => records(partition).map((one) => one.producer),
    overlapped,
  };
}
