/** Durable counts of one project and minute of receipt (Unix minutes); after 7 days minutes are summed into days. */
export interface LedgerRow {
  readonly projectId: string;
  readonly minute: number;
  readonly accepted: number;
  readonly stored: number;
  readonly duplicate: number;
  /** Refused at the edge. */
  readonly rejected: number;
  /** Accepted, then refused by the store or the decoder. */
  readonly quarantinedLater: number;
  readonly erased: number;
}

/** received = accepted + rejected. */
export function received(row: LedgerRow): number {
  return row.accepted + row.rejected;
}

/** Accepted events that are nowhere: 0 when everything adds up. Positive while the writer is behind. */
export function unaccounted(row: Omit<LedgerRow, 'projectId' | 'minute' | 'rejected'>): number {
  return row.accepted - row.stored - row.duplicate - row.quarantinedLater - row.erased;
}
