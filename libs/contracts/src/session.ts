/**
 * Version of an output row: readers take the greatest, compared field by field in this order.
 * A settlement (`revision` ≥ 1) ranks above every live row (`revision` 0); reopened settlements raise `revision`.
 */
export interface OutputVersion {
  readonly revision: number;
  readonly generation: number;
  /** Log offset of the last record folded. */
  readonly offset: number;
  /** 0 = made by a record; made by a timer: the time it was due, Unix ms (so it needs 8 bytes). */
  readonly rank: number;
}

/** Negative when `a` is older than `b`. */
export function compareVersions(a: OutputVersion, b: OutputVersion): number {
  return a.revision - b.revision || a.generation - b.generation || a.offset - b.offset || a.rank - b.rank;
}

/** `merged`: absorbed by `mergedInto`, readers leave it out. `settled`: exact, behind the lateness bound. */
export type SessionState = 'open' | 'closed' | 'settled' | 'merged';

/**
 * One part of a session: all events of one user key (and lane) in it. Times are Unix milliseconds.
 * Readers merge the parts of a `sessionId`: min start, max end, sums, first entry, last exit.
 */
export interface SessionRow {
  readonly projectId: string;
  readonly sessionId: string;
  readonly userKey: string;
  readonly lane: number;
  readonly version: OutputVersion;
  readonly state: SessionState;
  readonly mergedInto: string | null;
  readonly userId: string | null;
  readonly anonymousId: string | null;
  /** Time of receipt of the event that opened it: fixes the month partition for the row's life. */
  readonly openedReceivedAt: number;
  readonly start: number;
  readonly end: number;
  readonly events: number;
  readonly pageViews: number;
  readonly errors: number;
  /** Path of the first and the last page view; of the first and last event with a path when there is no page view. */
  readonly entryPath: string | null;
  readonly exitPath: string | null;
  readonly referrer: string | null;
  readonly utmSource: string | null;
  readonly utmMedium: string | null;
  readonly utmCampaign: string | null;
  readonly userAgent: string | null;
  readonly isBot: boolean;
  /** Events that came after the session had closed. */
  readonly lateEvents: number;
}
