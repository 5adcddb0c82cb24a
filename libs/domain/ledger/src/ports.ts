import type { QuarantineEntry } from '@productgraph/contracts';
import type { LedgerRow } from './ledger.ts';

/** Minutes of one project: from ≤ minute < to, Unix minutes. */
export interface LedgerRange {
  readonly orgId: string;
  readonly projectId: string;
  readonly from: number;
  readonly to: number;
}

export interface QuarantineFilter {
  readonly orgId: string;
  readonly projectId: string;
  readonly code: string | null;
  readonly stage: string | null;
  /** Id of the entry to go on after (newest first); null = from the newest. After one that is gone comes nothing. */
  readonly after: string | null;
  readonly limit: number;
}

/** Where one event is, as far as durable facts tell. */
export interface EventTrace {
  readonly eventId: string;
  readonly stored: {
    readonly timestamp: number;
    readonly receivedAt: number;
    readonly logPartition: number;
    readonly logOffset: number;
  } | null;
  readonly quarantined: QuarantineEntry | null;
}

/**
 * Finds the first copy of an event, for a ledger whose events are in another store. The caller answers for the tenant: the project
 * is one of its own.
 */
export type FindEvent = (projectId: string, eventId: string) => Promise<EventTrace['stored']>;

/** Reads of the ledger and of quarantine, within one tenant. */
export interface LedgerStore {
  /**
   * Oldest first. A day older than a week is one row, under its first minute (UTC);
   * minutes without events have none.
   */
  rows(range: LedgerRange): Promise<LedgerRow[]>;
  /** Entries not yet replayed, newest first: by time of receipt, then by id. */
  quarantine(filter: QuarantineFilter): Promise<QuarantineEntry[]>;
  /** Entries not yet replayed, most frequent first. */
  quarantineCounts(orgId: string, projectId: string): Promise<{ code: string; stage: string; count: number }[]>;
  /** Those of these entries that were not replayed yet, newest first. */
  replayable(orgId: string, projectId: string, ids: readonly string[]): Promise<QuarantineEntry[]>;
  /** Marks as replayed (kept, hidden from lists), once the log has what was made of them. */
  markReplayed(orgId: string, projectId: string, ids: readonly string[]): Promise<void>;
  trace(orgId: string, projectId: string, eventId: string): Promise<EventTrace>;
}
