import type { QuarantineStage, RecordCounts } from '@productgraph/contracts';
import type { LedgerRow } from './ledger.ts';

/** The counters of a {@link LedgerRow}. */
export type LedgerCounter = Exclude<keyof LedgerRow, 'projectId' | 'minute'>;

/** What is added to one counter: `n` events of that project and minute of receipt. */
export interface LedgerCount {
  readonly projectId: string;
  readonly minute: number;
  readonly counter: LedgerCounter;
  readonly n: number;
}

/** Unix minute of a time of receipt, Unix ms. */
export function ledgerMinute(receivedAt: number): number {
  return Math.floor(receivedAt / 60_000);
}

/**
 * Which counter a quarantine entry belongs to: what ingestion refused was never accepted;
 * what decoder or store refused had been.
 */
export function quarantineCounter(stage: QuarantineStage): LedgerCounter {
  return stage === 'ingest' || stage === 'import' ? 'rejected' : 'quarantinedLater';
}

type MutableRow = { -readonly [K in keyof LedgerRow]: LedgerRow[K] };

/** A row of zeros. */
export function emptyLedgerRow(projectId: string, minute: number): LedgerRow {
  return { projectId, minute, accepted: 0, stored: 0, duplicate: 0, rejected: 0, quarantinedLater: 0, erased: 0 };
}

/** Sums counts of a block per project and minute of receipt. */
export class LedgerTally {
  readonly #rows = new Map<string, Map<number, MutableRow>>();

  add({ projectId, minute, counter, n }: LedgerCount): void {
    this.#row(projectId, minute)[counter] += n;
  }

  addCounts(counts: RecordCounts, counter: LedgerCounter): void {
    for (const [projectId, minutes] of Object.entries(counts)) {
      for (const [minute, n] of Object.entries(minutes)) this.#row(projectId, Number(minute))[counter] += n;
    }
  }

  /** Sorted by project and minute: writers that lock rows in this order cannot deadlock. */
  rows(): LedgerRow[] {
    return [...this.#rows.values()]
      .flatMap((minutes) => [...minutes.values()])
      .sort((a, b) => (a.projectId < b.projectId ? -1 : a.projectId > b.projectId ? 1 : a.minute - b.minute));
  }

  #row(projectId: string, minute: number): MutableRow {
    let minutes = this.#rows.get(projectId);
    if (minutes === undefined) this.#rows.set(projectId, (minutes = new Map<number, MutableRow>()));
    let row = minutes.get(minute);
    if (row === undefined) minutes.set(minute, (row = emptyLedgerRow(projectId, minute)));
    return row;
  }
}
