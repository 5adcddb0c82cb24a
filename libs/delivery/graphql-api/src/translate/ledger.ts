import type { QuarantineEntry } from '@productgraph/contracts';
import { type EventTrace, type LedgerRow, received, unaccounted } from '@productgraph/domain-ledger';
import type { Ledger, ResolversTypes } from '../generated/schema.ts';

/** One page of quarantine; the counts are asked only when they are selected. */
export interface QuarantinePage {
  readonly orgId: string;
  readonly projectId: string;
  readonly entries: readonly QuarantineEntry[];
  readonly hasNextPage: boolean;
}

type TraceFound = ResolversTypes['EventTrace'];

const MINUTE = 60_000;

/** Minutes of the ledger that touch the range. */
export function minutesOf({ from, to }: { readonly from: number; readonly to: number }): { from: number; to: number } {
  return { from: Math.floor(from / MINUTE), to: Math.ceil(to / MINUTE) };
}

type Columns = Pick<
  Ledger,
  'received' | 'accepted' | 'stored' | 'duplicate' | 'rejected' | 'quarantinedLater' | 'erased' | 'unaccounted'
>;

const COLUMNS: Readonly<Record<keyof Columns, (row: LedgerRow) => number>> = {
  received,
  accepted: ({ accepted }) => accepted,
  stored: ({ stored }) => stored,
  duplicate: ({ duplicate }) => duplicate,
  rejected: ({ rejected }) => rejected,
  quarantinedLater: ({ quarantinedLater }) => quarantinedLater,
  erased: ({ erased }) => erased,
  unaccounted,
};

/** Rows as columns, with the sum of each. */
export function ledgerToGraphql(rows: readonly LedgerRow[], settledUpTo: number | null): Ledger {
  const names = Object.keys(COLUMNS) as (keyof Columns)[];
  const columns = Object.fromEntries(names.map((name) => [name, rows.map(COLUMNS[name])])) as unknown as Columns;
  const sums = names.map((name) => [name, columns[name].reduce((sum, value) => sum + value, 0)]);
  return {
    buckets: rows.map(({ minute }) => minute * MINUTE),
    ...columns,
    total: Object.fromEntries(sums) as Ledger['total'],
    settledUpTo,
  };
}

/** Without `payloads` the refused event itself is left out. */
export function traceToGraphql(trace: EventTrace, { payloads }: { readonly payloads: boolean }): TraceFound {
  return {
    ...trace,
    quarantined: payloads ? trace.quarantined : null,
    place: trace.stored ? 'stored' : trace.quarantined ? 'quarantined' : 'unknown',
    explanation: explanationOf(trace),
  };
}

function explanationOf(trace: EventTrace): string {
  if (trace.stored) return 'The event is stored: every question about its time sees it.';
  const { quarantined } = trace;
  if (quarantined) return `The event was refused (${quarantined.code}): ${quarantined.message}`;
  return 'No event of this id is stored or in quarantine. If it was accepted a moment ago it is still in the log: see health.';
}
