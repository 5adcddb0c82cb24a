import type { ConsumedRecord, GroupPartition } from './event-log.ts';

/** What a task has durably done: where the runner goes on. */
export interface TaskPosition {
  /** Next offset to read; null = nothing done yet: start at the log's beginning. */
  readonly next: number | null;
  /** Offset of the record that holds the oldest event of the dedupe window. */
  readonly windowStart: number | null;
  /** Runner time: greatest time of receipt read, Unix ms. */
  readonly time: number;
}

/** Contiguous records of one partition with the dedupe verdicts, in offset order, never empty. */
export interface TaskBatch {
  readonly partition: GroupPartition;
  readonly records: readonly ConsumedRecord[];
  /** Whether line `line` of `records[record]` repeats an event of the window. */
  isDuplicate(record: number, line: number): boolean;
  /** What to store together with the effects of this batch. */
  readonly position: { readonly next: number; readonly windowStart: number | null; readonly time: number };
}

/**
 * One group's work on one partition, between `open` and the next `open`.
 * Effects and position are stored in one step; false = someone else has moved the position: the runner opens again.
 * An exception is a retryable fault: nothing may have been stored, or all of it.
 */
export interface PartitionTask {
  /** Drops everything cached and reads the durable position. */
  open(): Promise<TaskPosition>;
  batch(batch: TaskBatch): Promise<boolean>;
  /** At the log's end: time has passed (wall clock, Unix ms). */
  tick(now: number): Promise<boolean>;
}
