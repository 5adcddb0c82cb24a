import type { GroupPartition, PartitionRef } from '@productgraph/kernel';

/** Facts of the live fold. */
export interface SessionTelemetry {
  /** Rows are durable in topic `sessions`. */
  rowsEmitted(fact: { partition: GroupPartition; rows: number }): void;
  /** A project's settings could not be read; the ones known for `ageMs` go on. */
  settingsStale(fact: { projectId: string; ageMs: number; error: unknown }): void;
  /** Records with times of receipt that may be settled already: the hours are settled again. */
  lateReceipts(fact: { partition: GroupPartition; projectId: string; receivedFrom: number; receivedTo: number }): void;
}

/** Facts of settlement. */
export interface SettlementTelemetry {
  /** A unit of work is durably done. */
  settled(fact: {
    partition: PartitionRef;
    kind: 'hour' | 'request' | 'deferred';
    /** Times of receipt; 0 to 0 for deferred users. */
    receivedFrom: number;
    receivedTo: number;
    users: number;
    /** Corrections, marks included. */
    rows: number;
    deferred: number;
    milliseconds: number;
  }): void;
  /** There is work, but the store does not have everything yet. */
  waiting(fact: { partition: PartitionRef; for: 'sessions folded' | 'events stored' | 'sessions stored' }): void;
  /** A bug hit one user: left as it is, tried again in an hour of runner time; the others go on. */
  userFailed(fact: { projectId: string; userKey: string; error: unknown }): void;
  /** A client's session has more events than may be read again: its last live row stands. */
  sessionTooLarge(fact: { projectId: string; userKey: string; sessionId: string; events: number }): void;
  /** A run failed and is tried again. */
  failed(fact: { partition: PartitionRef; error: unknown }): void;
}
