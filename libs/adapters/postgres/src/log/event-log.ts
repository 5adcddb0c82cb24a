import type { LogRecord, Topic } from '@productgraph/contracts';
import {
  LogUnavailable,
  pollPartition,
  subscriptionOf,
  type Append,
  type Clock,
  type ConsumeOptions,
  type EventLog,
  type PartitionSource,
  type Subscription,
} from '@productgraph/kernel';
import { isRetryable } from '../faults.ts';
import { openPool, type Pools } from '../pool.ts';
import { Appender } from './appender.ts';
import { startBackground, type Background } from './background.ts';
import { GroupOffsets } from './group-offsets.ts';
import { Heads } from './heads.ts';
import { lagOf } from './lag.ts';
import { readRecords, type StreamAppend } from './records.ts';
import { makeSegmentsAhead, SEGMENT_RECORDS, trimSegments, type Segment } from './segments.ts';
import { TailCache } from './tail-cache.ts';
import { createTopicDirectory, type TopicDirectory } from './topics.ts';

const MB = 1024 * 1024;
const HOUR_MS = 3_600_000;

export interface PostgresLogOptions {
  readonly pools: Pools;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive: spreads back-off. */
  readonly random: () => number;
  /** Partitions of a topic made now. Default 4. */
  readonly partitions?: number;
  /**
   * Dedupe window of topic `events` when it is made now, events per partition. Default 50,000, less than elsewhere
   * (decisions.md 7), because here all groups live in one process that is to stay below 200 MB. At 1,000 events/s over 4
   * partitions it reaches back more than 3 minutes; later duplicates are caught by the store.
   */
  readonly dedupeWindow?: number;
  /** Records of a table made now, the unit of trimming. Default 131,072. */
  readonly segmentRecords?: number;
  /** Records younger than this stay in any case, milliseconds. Default 72 hours. */
  readonly retentionMs?: number;
  /** Appends waiting or under way, bytes; beyond it the log is unavailable. Default 64 MB. */
  readonly maxPendingBytes?: number;
  /** Newest records kept in memory for consumers, bytes. Default 32 MB. */
  readonly tailBytes?: number;
  /** How often to look for what other processes appended, milliseconds. Default 500. */
  readonly pollMs?: number;
  /** A fault in the background (making segments, trimming, writing hints); it is tried again by itself. */
  readonly onFault?: (work: string, error: unknown) => void;
}

export interface PostgresLog extends EventLog {
  /** Makes room ahead and begins the work in the background. */
  start(): Promise<void>;
  /** Waits for appends under way, writes hints. Subscriptions must have been stopped before. */
  stop(): Promise<void>;
  /** Drops what no group needs and is old enough; it also happens by itself every ten minutes. */
  trim(): Promise<readonly Segment[]>;
  /** Bytes of appends waiting or under way, and of the records kept for consumers. */
  memory(): { readonly pendingBytes: number; readonly tailBytes: number };
}

interface Parts {
  readonly options: PostgresLogOptions;
  readonly pools: Pools;
  readonly segmentRecords: number;
  readonly topics: TopicDirectory;
  readonly heads: Heads;
  readonly tail: TailCache;
  readonly offsets: GroupOffsets;
}

/**
 * The event log as PostgreSQL tables: gapless offsets, group commit, consumers woken in process. One process appends and
 * consumes as a rule; several may.
 */
export function createPostgresLog(options: PostgresLogOptions): PostgresLog {
  const { pools, clock, segmentRecords = SEGMENT_RECORDS } = options;
  const parts: Parts = {
    options,
    pools,
    segmentRecords,
    topics: createTopicDirectory(pools, (topic) => ({
      partitions: options.partitions ?? 4,
      dedupeWindow: topic === 'events' ? (options.dedupeWindow ?? 50_000) : 0,
      segmentRecords,
    })),
    heads: new Heads(pools, clock),
    tail: new TailCache(options.tailBytes ?? 32 * MB),
    offsets: new GroupOffsets(pools),
  };
  const appending = createAppending(parts);
  const running = createRunning(parts, () => appending.stop());
  return {
    ...running,
    topic: (topic) => asUnavailable(infoOf(parts, topic)),
    append: (appends) => appending.append(appends),
    watermarks: (partition) =>
      asUnavailable(parts.topics.streamOf(partition).then((stream) => parts.heads.exact(stream))),
    consume: (consume) => asUnavailable(subscribe(parts, consume)),
    commit: async ({ group, ...partition }, position, keepFrom) => {
      const stream = await asUnavailable(parts.topics.streamOf(partition));
      parts.offsets.note({ group, stream, position, keepFrom });
    },
    memory: () => ({ pendingBytes: appending.bytes(), tailBytes: parts.tail.bytes }),
  };
}

function createRunning(parts: Parts, stopAppending: () => Promise<void>): Pick<PostgresLog, 'start' | 'stop' | 'trim'> {
  const { pools, heads, offsets, options, segmentRecords } = parts;
  const { clock, pollMs = 500, retentionMs = 72 * HOUR_MS, onFault = () => undefined } = options;
  let background: Background | null = null;

  async function trim(): Promise<readonly Segment[]> {
    await offsets.flush();
    const trimmed = await trimSegments(pools, { now: clock.now(), retentionMs });
    if (trimmed.length > 0) await heads.refreshAnew();
    return trimmed;
  }

  return {
    trim,
    start: async () => {
      await makeSegmentsAhead(pools, { segmentRecords });
      await heads.refresh();
      background = startBackground(clock, onFault, [
        { name: 'look for appends', everyMs: pollMs, run: () => heads.refresh() },
        { name: 'write group offsets', everyMs: 1000, run: () => offsets.flush() },
        { name: 'make segments', everyMs: 5000, run: () => makeSegmentsAhead(pools, { segmentRecords }) },
        { name: 'trim', everyMs: HOUR_MS / 6, run: trim },
      ]);
    },
    stop: async () => {
      await background?.stop();
      await stopAppending();
      // Hints only: without them the next run keeps a few records longer.
      await offsets.flush().catch((error: unknown) => onFault('write group offsets', error));
    },
  };
}

interface Appending {
  append(appends: readonly Append[]): Promise<number[]>;
  bytes(): number;
  stop(): Promise<void>;
}

function createAppending(parts: Parts): Appending {
  const { pools, topics, options, segmentRecords } = parts;
  // A server that does not answer for 30 s is as good as gone: give up the connection rather than the callers' patience.
  const pool = openPool({ url: pools.url, max: 1, onError: undefined, pipeline: true, answerWithinMs: 30_000 });
  const appender = new Appender({
    pool,
    maxBytes: options.maxPendingBytes ?? 64 * MB,
    maxBatchBytes: 8 * MB,
    onAppended: (stream, first, records) => appended(parts, { stream, first, records }),
    makeSegments: (room) => makeSegmentsAhead(pools, { segmentRecords, room }),
  });

  async function resolve({ topic, partition, records }: Append): Promise<StreamAppend> {
    const { generation } = await topics.find(topic);
    return { stream: await topics.streamOf({ topic, generation, partition }), records };
  }

  return {
    append: async (appends) => {
      if (appends.length === 0) return [];
      return appender.append(await asUnavailable(Promise.all(appends.map(resolve))));
    },
    bytes: () => appender.bytes,
    stop: async () => {
      await appender.drain();
      await pool.end();
    },
  };
}

function appended(parts: Parts, done: { stream: number; first: number; records: readonly LogRecord[] }): void {
  const { stream, first, records } = done;
  parts.tail.add(
    stream,
    records.map((record, index) => ({ ...record, offset: first + index })),
  );
  parts.heads.advance(stream, first + records.length);
}

async function infoOf({ topics }: Parts, name: Topic): ReturnType<EventLog['topic']> {
  const { topic, generation, partitions, dedupeWindow } = await topics.find(name);
  return { topic, generation, partitions, dedupeWindow };
}

async function subscribe(parts: Parts, consume: ConsumeOptions): Promise<Subscription> {
  const { topics, offsets, options, pools } = parts;
  const found = await Promise.all(consume.topics.map((topic) => topics.find(topic)));
  const targets = found.flatMap(({ topic, generation, streams }) =>
    streams.map((stream, partition) => ({ stream, partition: { topic, generation, partition } })),
  );
  await offsets.register(
    consume.group,
    targets.map((target) => target.stream),
  );
  const { clock, random } = options;
  const served = targets.map(({ stream, partition }) => ({
    stream,
    poll: pollPartition({ ...consume, partition, source: sourceOf(parts, stream), clock, random }),
  }));
  const standings = (): Parameters<typeof lagOf>[1] =>
    served.map(({ stream, poll }) => ({
      stream,
      partition: { ...poll.partition, group: consume.group },
      position: poll.position(),
    }));
  return subscriptionOf(
    served.map(({ poll }) => poll),
    () => asUnavailable(lagOf(pools, standings(), clock.now())),
  );
}

function sourceOf({ heads, tail, pools }: Parts, stream: number): PartitionSource {
  return {
    watermarks: () => heads.watermarks(stream),
    read: async (offset, max) => {
      const high = heads.high(stream);
      if (offset >= high) return { records: [], high };
      const records = tail.read(stream, offset, max) ?? (await readRecords(pools, stream, { offset, max }));
      // The read may have found more than was known when it began.
      const end = (records.at(-1)?.offset ?? -1) + 1;
      return { records, high: Math.max(high, end) };
    },
    waitBeyond: (offset, ms, signal) => heads.waitBeyond(stream, offset, { ms, signal }),
  };
}

/** Faults of the server or the way to it, told in the port's own word. */
async function asUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isRetryable(error)) throw error;
    throw new LogUnavailable(`The log cannot be reached: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
