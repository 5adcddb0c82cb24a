import type { QuarantineEntry, SessionRow } from '@productgraph/contracts';
import type { BlockEvent, WriterPosition } from '@productgraph/domain-event';
import { emptyLedgerRow, type LedgerRow } from '@productgraph/domain-ledger';

export type MutableLedgerRow = { -readonly [K in keyof LedgerRow]: LedgerRow[K] };

/** A stored event with the log partition it came from. */
export interface KeptEvent extends BlockEvent {
  readonly partition: number;
}

/** What a memory event store holds; its ledger store reads the same. */
export interface StoreContents {
  readonly heads: Map<string, WriterPosition>;
  /** By project, event id, timestamp. */
  readonly events: Map<string, KeptEvent>;
  /** Highest version by part. */
  readonly sessions: Map<string, SessionRow>;
  /** By organisation, project and id. */
  readonly quarantine: Map<string, { readonly orgId: string; readonly entry: QuarantineEntry; replayed: boolean }>;
  readonly ledger: Map<string, { readonly orgId: string; readonly row: MutableLedgerRow }>;
}

export function emptyContents(): StoreContents {
  return { heads: new Map(), events: new Map(), sessions: new Map(), quarantine: new Map(), ledger: new Map() };
}

/** Adds counts to the row of that organisation, project and minute. */
export function addRow(contents: StoreContents, orgId: string, counts: LedgerRow): void {
  const key = JSON.stringify([orgId, counts.projectId, counts.minute]);
  let kept = contents.ledger.get(key);
  if (kept === undefined) {
    contents.ledger.set(key, (kept = { orgId, row: { ...emptyLedgerRow(counts.projectId, counts.minute) } }));
  }
  for (const counter of ['accepted', 'stored', 'duplicate', 'rejected', 'quarantinedLater', 'erased'] as const) {
    kept.row[counter] += counts[counter];
  }
}
