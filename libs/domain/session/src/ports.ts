/** A user whose sessions end after the time up to which settling was allowed; looked at again at runner time `at`. */
export interface DeferredUser {
  readonly projectId: string;
  readonly userKey: string;
  /** Times of the events that settlement has to look at, half-open [from, to), Unix ms. */
  readonly from: number;
  readonly to: number;
  /** Runner time, Unix ms. */
  readonly at: number;
}

/** Wish to settle what a project received in a span of time, without waiting for the lateness bound. */
export interface SettlementRequest {
  readonly projectId: string;
  /** Half-open [receivedFrom, receivedTo), Unix ms. */
  readonly receivedFrom: number;
  readonly receivedTo: number;
  /** Raised when the same is requested again: a partition that had done it does it again. */
  readonly asked: number;
}

/** Durable progress of settlement, per partition of the log. */
export interface SettlementProgress {
  /** Makes the partition known: answers and requests wait for every known partition. Idempotent. */
  register(partition: number): Promise<void>;
  /** Everything received before this is settled on that partition; null = nothing yet. */
  settledThrough(partition: number): Promise<number | null>;
  /** Never moves back. `settledUpTo`: time before which events of this partition are settled. */
  advance(partition: number, mark: { readonly through: number; readonly settledUpTo: number }): Promise<void>;
  /** Keeps users for later; one that is kept already gets the wider span and the later time. */
  defer(partition: number, users: readonly DeferredUser[]): Promise<void>;
  /** Deferred users whose time is at or before `until`, in no particular order. */
  deferred(partition: number, until: number): Promise<DeferredUser[]>;
  /** Removes users unless they were deferred to a later time meanwhile. */
  undefer(partition: number, users: readonly DeferredUser[]): Promise<void>;
  /** Asks every partition to settle what the project received in [receivedFrom, receivedTo), e.g. at the end of a historical import. */
  request(projectId: string, receivedFrom: number, receivedTo: number): Promise<void>;
  /** Requests that this partition has not done. */
  requests(partition: number): Promise<SettlementRequest[]>;
  /** This partition has done the request as it was asked for; what every known partition has done is forgotten. */
  completeRequest(partition: number, request: SettlementRequest): Promise<void>;
  /**
   * Answers about the project's events before this time are settled: the least mark of all known partitions; null = nothing yet,
   * or a request of the project is not done.
   */
  settledUpTo(projectId: string): Promise<number | null>;
}
