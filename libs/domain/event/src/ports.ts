import type { QuarantineEntry, RecordCounts, SessionRow, StoredEvent } from '@productgraph/contracts';
import type { GroupPartition } from '@productgraph/kernel';

/** An event with its place in the log. */
export interface BlockEvent {
  readonly event: StoredEvent;
  readonly offset: number;
}

/**
 * What the event-writer made of a contiguous range of one partition. The store keeps the head of each partition:
 * a block is written if and only if `first` equals the head, in one step with moving the head to `last + 1`.
 */
export interface StoreBlock {
  readonly partition: GroupPartition;
  readonly first: number;
  readonly last: number;
  /** Kept with the head, given back by {@link EventStore.position}. */
  readonly windowStart: number | null;
  /** Runner time, kept with the head. */
  readonly time: number;
  /** Duplicates by the dedupe window already left out. */
  readonly events: readonly BlockEvent[];
  readonly sessions: readonly SessionRow[];
  readonly quarantine: readonly QuarantineEntry[];
  /** From the record headers: what ingestion accepted, per project and minute of receipt. */
  readonly accepted: RecordCounts;
  /** Left out by the dedupe window. */
  readonly duplicates: RecordCounts;
}

export interface WriteResult {
  /** Rows that were new. */
  readonly inserted: number;
  /** Events that the store already had under (project, event id, timestamp). */
  readonly duplicates: number;
  /** Rows that the store refused (found by bisecting); they are in quarantine now. */
  readonly refused: number;
}

/** Position of the event-writer on one partition. */
export interface WriterPosition {
  readonly next: number | null;
  readonly windowStart: number | null;
  readonly time: number;
}

/** A span of one user's time, half-open [from, to), Unix ms. */
export interface UserRange {
  readonly projectId: string;
  readonly userKey: string;
  readonly from: number;
  readonly to: number;
}

/** Whom settlement has to look at: a user with events received in an hour, and the span of their times. */
export interface TouchedUser extends UserRange {
  /** Events received in that hour. */
  readonly events: number;
}

/** All stored events of one client session id under one user key: times in [from, to). */
export interface ClientSessionSpan {
  readonly sessionId: string;
  readonly from: number;
  readonly to: number;
  readonly events: number;
  /** Greatest time of receipt among them. */
  readonly lastReceivedAt: number;
}

export interface EventStore {
  position(partition: GroupPartition): Promise<WriterPosition>;
  /** Idempotent by range. Null = the head is not at `first`: someone else owns the partition or the store went back; reload. */
  write(block: StoreBlock): Promise<WriteResult | null>;
  /** Users with events from this log partition received in [receivedFrom, receivedTo). */
  touchedUsers(partition: number, receivedFrom: number, receivedTo: number): Promise<TouchedUser[]>;
  /** A user's events with from ≤ timestamp < to, in total order. */
  userEvents(range: UserRange): Promise<StoredEvent[]>;
  /** Highest versions of the user's session parts that overlap [from, to), merged ones included. */
  userSessions(range: UserRange): Promise<SessionRow[]>;
  /**
   * Extent of these client session ids among the user's stored events, whenever they happened: a client's id may return days later.
   * Ids without events are left out.
   */
  sessionSpans(projectId: string, userKey: string, sessionIds: readonly string[]): Promise<ClientSessionSpan[]>;
}
