import type { QuarantineEntry } from '@productgraph/contracts';
import { ledgerMinute, quarantineCounter, type LedgerTally } from '@productgraph/domain-ledger';

/** Counts quarantine entries by what is kept of them. */
export function countEntries(
  tally: LedgerTally,
  entries: readonly QuarantineEntry[],
  kept: readonly QuarantineEntry[],
): void {
  const isKept = new Set(kept);
  for (const entry of entries) {
    const counter = isKept.has(entry) ? quarantineCounter(entry.stage) : 'duplicate';
    // The same refused event twice in a record is a duplicate; a repeated entry of ingestion's own was never accepted.
    if (counter === 'duplicate' && quarantineCounter(entry.stage) === 'rejected') continue;
    tally.add({ projectId: entry.projectId, minute: ledgerMinute(entry.receivedAt), counter, n: 1 });
  }
}
