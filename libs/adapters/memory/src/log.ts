import { type Topic } from '@productgraph/contracts';
import {
  pollPartition,
  subscriptionOf,
  type Append,
  type Clock,
  type ConsumedRecord,
  type ConsumeOptions,
  type EventLog,
  type GroupPartition,
  type Lag,
  type PartitionPoll,
  type PartitionRef,
  type PartitionSource,
  type Subscription,
  type Watermarks,
} from '@productgraph/kernel';

export interface MemoryLogOptions {
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive; spreads back-off. Default 0.5, so that tests repeat. */
  readonly random?: () => number;
  /** Partitions of each topic. Default 4. */
  readonly partitions?: number;
  /** Dedupe window of topic `events`, events per partition; other topics have none. Default 50,000. */
  readonly dedupeWindow?: number;
}

/** The log of tests, with what tests need besides. */
export interface MemoryLog extends EventLog {
  /** Every record still there, in offset order. */
  records(topic: Topic, partition: number): readonly ConsumedRecord[];
  /** Drops what no group needs any more: before the smallest `keepFrom` committed. Groups that only consume hold everything. */
  trim(): void;
  /** Commits of a group, for assertions: position and keepFrom. */
  committed(partition: GroupPartition): { readonly position: number; readonly keepFrom: number } | null;
}

const GENERATION = 1;

interface Stream {
  low: number;
  readonly records: ConsumedRecord[];
  readonly waiting: Set<() => void>;
  readonly groups: Map<string, { position: number; keepFrom: number }>;
}

/** An event log in memory: the same meaning as the durable ones, for tests and fakes. Nothing survives the process. */
export function createMemoryLog(options: MemoryLogOptions): MemoryLog {
  const partitions = options.partitions ?? 4;
  const streams = new Map<string, Stream>();

  function streamOf({ topic, generation, partition }: PartitionRef): Stream {
    if (generation !== GENERATION || partition < 0 || partition >= partitions) {
      throw new RangeError(`There is no partition ${topic}.${generation}[${partition}]`);
    }
    const key = `${topic}.${partition}`;
    const stream = streams.get(key) ?? { low: 0, records: [], waiting: new Set(), groups: new Map() };
    streams.set(key, stream);
    return stream;
  }

  const refOf = (topic: Topic, partition: number): PartitionRef => ({ topic, generation: GENERATION, partition });

  function consumeTopic(topic: Topic, consume: ConsumeOptions): PartitionPoll[] {
    return Array.from({ length: partitions }, (_, partition) => {
      const ref = refOf(topic, partition);
      const stream = streamOf(ref);
      if (!stream.groups.has(consume.group)) stream.groups.set(consume.group, { position: 0, keepFrom: 0 });
      const { clock, random = () => 0.5 } = options;
      return pollPartition({ ...consume, partition: ref, source: sourceOf(stream, clock), clock, random });
    });
  }

  return {
    topic: async (topic) => ({ topic, generation: GENERATION, partitions, dedupeWindow: windowOf(topic, options) }),
    append: async (appends) => {
      const targets = appends.map((append) => streamOf(refOf(append.topic, append.partition)));
      return appends.map((append, index) => appendTo(targets[index], append));
    },
    watermarks: async (partition) => marksOf(streamOf(partition)),
    consume: async (consume): Promise<Subscription> => {
      const polls = consume.topics.flatMap((topic) => consumeTopic(topic, consume));
      const lag = async (): Promise<Lag[]> =>
        polls.map((poll) =>
          lagOf(poll, { group: consume.group, stream: streamOf(poll.partition), now: options.clock.now() }),
        );
      return subscriptionOf(polls, lag);
    },
    commit: async (partition, position, keepFrom) => {
      streamOf(partition).groups.set(partition.group, { position, keepFrom });
    },
    records: (topic, partition) => streamOf(refOf(topic, partition)).records,
    committed: (partition) => streamOf(partition).groups.get(partition.group) ?? null,
    trim: () => {
      for (const stream of streams.values()) trimStream(stream);
    },
  };
}

function windowOf(topic: Topic, { dedupeWindow = 50_000 }: MemoryLogOptions): number {
  return topic === 'events' ? dedupeWindow : 0;
}

function appendTo(stream: Stream | undefined, append: Append): number {
  if (stream === undefined) throw new RangeError('No such stream');
  const first = marksOf(stream).high;
  append.records.forEach((record, index) => stream.records.push({ ...record, offset: first + index }));
  for (const wake of stream.waiting) wake();
  return first;
}

function marksOf({ low, records }: Stream): Watermarks {
  return { low, high: low + records.length };
}

function trimStream(stream: Stream): void {
  const keeps = [...stream.groups.values()].map((group) => group.keepFrom);
  if (keeps.length === 0) return;
  const from = Math.min(...keeps, marksOf(stream).high);
  if (from <= stream.low) return;
  stream.records.splice(0, from - stream.low);
  stream.low = from;
}

function lagOf(poll: PartitionPoll, of: { group: string; stream: Stream; now: number }): Lag {
  const { low, records } = of.stream;
  const position = poll.position() ?? of.stream.groups.get(of.group)?.position ?? low;
  const oldest = records[Math.max(position - low, 0)];
  return {
    ...poll.partition,
    group: of.group,
    position,
    records: Math.max(0, marksOf(of.stream).high - position),
    milliseconds: oldest === undefined ? 0 : Math.max(0, of.now - oldest.receivedAt),
  };
}

function sourceOf(stream: Stream, clock: Clock): PartitionSource {
  return {
    watermarks: async () => marksOf(stream),
    read: async (offset, maxRecords) => {
      const start = Math.max(offset - stream.low, 0);
      return { records: stream.records.slice(start, start + maxRecords), high: marksOf(stream).high };
    },
    waitBeyond: async (offset, ms, signal) => {
      if (signal.aborted || marksOf(stream).high > offset) return;
      const woken = new AbortController();
      const wake = (): void => woken.abort();
      stream.waiting.add(wake);
      // Woken, aborted or slept: all the same to the caller.
      await clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
      stream.waiting.delete(wake);
    },
  };
}
