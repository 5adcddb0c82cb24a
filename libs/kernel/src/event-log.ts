import type { LogRecord, Topic } from '@productgraph/contracts';

/** One partition of one generation of a topic. A topic that is recreated or re-partitioned gets a new generation. */
export interface PartitionRef {
  readonly topic: Topic;
  readonly generation: number;
  readonly partition: number;
}

/** A consumer group's view of a partition: the unit that owns state and a position. */
export interface GroupPartition extends PartitionRef {
  readonly group: string;
}

/** A record as read back. `offset` is gapless within a partition and starts at 0. */
export interface ConsumedRecord extends LogRecord {
  readonly offset: number;
}

/** Offsets of a partition: `low` = first one still there, `high` = the next one to be written. */
export interface Watermarks {
  readonly low: number;
  readonly high: number;
}

/** Contiguous records of one partition, in offset order, never empty. */
export interface LogBatch {
  readonly partition: PartitionRef;
  readonly records: readonly ConsumedRecord[];
  /** The partition's high watermark when the batch was read: `high === last offset + 1` means the log's end is reached. */
  readonly high: number;
}

/**
 * What a consumer group does with its partitions. Calls for one partition never overlap; different partitions may run concurrently.
 * An exception means a retryable fault: the log waits (growing delay, at most 5 s) and calls `assigned` again.
 */
export interface PartitionHandler {
  /** The partition is ours from now on. Answers the offset to read first. */
  assigned(partition: PartitionRef, marks: Watermarks): Promise<number>;
  /** Answers the next offset to read: last + 1, or another one to seek to. */
  batch(batch: LogBatch): Promise<number>;
  /** Called about every `idleMs` while the log's end is reached. Answers the next offset to read, or null for "go on". */
  idle(partition: PartitionRef): Promise<number | null>;
  /** The partition is no longer ours. The batch in hand has finished or been abandoned. */
  revoked(partition: PartitionRef): Promise<void>;
}

/** What to append to one partition in one durable step. */
export interface Append {
  readonly topic: Topic;
  readonly partition: number;
  readonly records: readonly LogRecord[];
}

export interface ConsumeOptions {
  readonly group: string;
  readonly topics: readonly Topic[];
  readonly handler: PartitionHandler;
  /** Records per batch, at most. Default 64; of Kafka 1,000, but not many more than 2,000 events. */
  readonly maxRecords?: number;
  /** Delay between `idle` calls at the log's end, milliseconds. Default 1,000. */
  readonly idleMs?: number;
  /**
   * At the log's end a partition's batches begin at times so many milliseconds apart: what arrives meanwhile makes the next batch larger,
   * and each costs its round trips once. The first one after a rest does not wait, nor does a group that is behind;
   * what comes right behind a batch, and idle calls, wait for up to so long. Default 0.
   */
  readonly gatherMs?: number;
}

/** How far a group is behind on one partition. */
export interface Lag extends GroupPartition {
  /** Next offset the group will read. */
  readonly position: number;
  readonly records: number;
  /** Age of the oldest unread record, milliseconds; 0 when there is none. */
  readonly milliseconds: number;
}

export interface Subscription {
  /** Stops reading, lets batches in hand finish, revokes every partition. */
  stop(): Promise<void>;
  lag(): Promise<Lag[]>;
  /** The last fault per partition that is being retried, for health; empty when all is well. */
  faults(): { partition: PartitionRef; error: string; since: number }[];
}

/** A topic's current generation. */
export interface TopicInfo {
  readonly topic: Topic;
  readonly generation: number;
  readonly partitions: number;
  /** Dedupe window in events per partition; fixed for the generation. 0 = the topic is not deduplicated. */
  readonly dedupeWindow: number;
}

/** What those need of a log who only append to it, and do not care at which offsets. */
export interface LogIntake {
  topic(topic: Topic): Promise<TopicInfo>;
  /**
   * Resolves when all records are durable, in the log or in what stands before it; either all of them are, or it rejects and the caller
   * must treat them as unknown.
   * @throws LogUnavailable when records cannot be taken now
   */
  append(appends: readonly Append[]): Promise<unknown>;
}

/** The append-only, partitioned log that carries every tier: a PostgreSQL table in Starter, Kafka in Growth and Scale. */
export interface EventLog extends LogIntake {
  /**
   * Resolves when all records are durable; either all of them are, or it rejects and the caller must treat them as unknown.
   * Answers the offset of the first record of each append, in order.
   * @throws LogUnavailable when the log cannot take records now
   */
  append(appends: readonly Append[]): Promise<number[]>;
  watermarks(partition: PartitionRef): Promise<Watermarks>;
  consume(options: ConsumeOptions): Promise<Subscription>;
  /** Hint for trimming and lag displays: the group has no need of anything before `offset` (its dedupe window included). */
  commit(partition: GroupPartition, offset: number, keepFrom: number): Promise<void>;
}

/** The log cannot take or give records now; retrying later may help. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}
