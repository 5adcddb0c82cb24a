export type { Clock } from './clock.ts';
export {
  LogUnavailable,
  type Append,
  type ConsumedRecord,
  type ConsumeOptions,
  type EventLog,
  type GroupPartition,
  type Lag,
  type LogBatch,
  type LogIntake,
  type PartitionHandler,
  type PartitionRef,
  type Subscription,
  type TopicInfo,
  type Watermarks,
} from './event-log.ts';
export type { DueTimer, StatePosition, StatePut, StateSave, StateStore } from './state-store.ts';
export { type Outcome } from './outcome.ts';
export { backoffDelay, retry, type RetryContext, type RetryPolicy } from './retry.ts';
export { createLifecycle, type Component, type Lifecycle, type LifecycleEvents } from './lifecycle.ts';
export { type DedupeWindow } from './dedupe-window.ts';
export { type DueIndex } from './due-index.ts';
export type { PartitionTask, TaskBatch, TaskPosition } from './partition-task.ts';
export { createPartitionRunner, type RunnerEvents, type RunnerOptions } from './partition-runner.ts';
export {
  createKeyedFoldTask,
  type FoldContext,
  type FoldResult,
  type KeyedFold,
  type KeyedFoldOptions,
} from './keyed-fold.ts';
export {
  pollPartition,
  subscriptionOf,
  type PartitionPoll,
  type PartitionSource,
  type PollOptions,
} from './poll-partition.ts';
