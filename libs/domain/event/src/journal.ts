import type { ErrorCode, QuarantineEntry, RecordCounts } from '@productgraph/contracts';
import type { GroupPartition } from '@productgraph/kernel';
import type { WriterPosition } from './ports.ts';

/** A row of a block that the store refuses. */
export interface RefusedRow {
  readonly kind: 'event' | 'session';
  /** Its place among the block's rows of that kind, from 0. */
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * A contiguous range of one partition that is being stored: enough to store exactly the same again after a crash, however the
 * log is cut into blocks then.
 */
export interface BlockRange {
  readonly first: number;
  readonly last: number;
  /** Kept with the head when the range is done. */
  readonly windowStart: number | null;
  /** Runner time, kept with the head when the range is done. */
  readonly time: number;
  /** How rows were spread over shards, in the store's own words. */
  readonly routing: string;
  readonly accepted: RecordCounts;
  /** Left out by the dedupe window. */
  readonly duplicates: RecordCounts;
  /** How many session rows and quarantine entries belong to it: they do not tell their offsets. */
  readonly sessions: number;
  readonly quarantine: number;
  readonly refused: readonly RefusedRow[];
}

/** A range that was begun and is not done. */
export interface OpenRange extends BlockRange {
  /** Since it was begun, by the journal's clock; milliseconds. */
  readonly ageMs: number;
}

export interface JournalPosition extends WriterPosition {
  /** Begins at `next`; window and time of the position are those before it. */
  readonly open: OpenRange | null;
}

/** What became of a range. */
export interface RangeOutcome {
  /** New rows, by project and minute of receipt. */
  readonly stored: RecordCounts;
  /** Events left out because an earlier one of the range is the same. */
  readonly duplicates: RecordCounts;
  /** Entries that stand for events; what is kept already is counted as a duplicate. */
  readonly quarantine: readonly QuarantineEntry[];
  /** Entries that stand for no event of a client: kept, and not counted. */
  readonly uncounted: readonly QuarantineEntry[];
}

/** Stored events in the ledger, per project and minute of receipt. */
export interface StoredMinute {
  readonly projectId: string;
  /** Unix minute. */
  readonly minute: number;
  readonly stored: number;
}

/** What a look at the store says of a minute. */
export interface RecountedMinute extends StoredMinute {
  /** Events that are there; less than the ledger says when some were copies of others. */
  readonly actual: number;
}

/**
 * Heads, ledger and quarantine of a store that keeps its rows elsewhere and has no transaction with them. One range per
 * partition is open at a time: it is recorded before its rows are inserted, and done after it.
 */
export interface BlockJournal {
  position(partition: GroupPartition): Promise<JournalPosition>;
  /**
   * Opens the range if the head is at its first offset and none is open; in one step. A partition without a head begins
   * wherever the first range does. False = the head is elsewhere, or a range is open.
   */
  begin(partition: GroupPartition, range: BlockRange): Promise<boolean>;
  /** Replaces the refused rows of the open range. False = it is not open as given. */
  refuse(partition: GroupPartition, range: BlockRange, refused: readonly RefusedRow[]): Promise<boolean>;
  /**
   * In one step: the head moves behind the range, ledger and quarantine take what became of it. False = it is not open as given,
   * nothing was done.
   */
  finish(partition: GroupPartition, range: BlockRange, outcome: RangeOutcome): Promise<boolean>;
  /** Minutes with stored events in from ≤ minute < to, of known projects. */
  storedBetween(from: number, to: number): Promise<StoredMinute[]>;
  /** Calls stored events that are not there duplicates, in minutes whose count is still `stored`. Answers how many. */
  recount(minutes: readonly RecountedMinute[]): Promise<number>;
}
