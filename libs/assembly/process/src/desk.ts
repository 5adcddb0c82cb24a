import type { ImportCounts, ImportDesk, UsageReader } from '@productgraph/delivery-ingest-http';
import { ledgerMinute, type LedgerRow, type LedgerStore } from '@productgraph/domain-ledger';
import type { SettlementProgress } from '@productgraph/domain-session';
import { quotaMonthEnd, type Project } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';

/** What ingestion asks of the ledger and of settlement. */
export interface DeskDeps {
  readonly ledger: Pick<LedgerStore, 'rows'>;
  readonly settlement: Pick<SettlementProgress, 'request'>;
  readonly clock: Clock;
}

/** Nothing can have been received then; told to the sender as `invalid_request`. */
class EmptySpan extends Error {
  readonly statusCode = 422;

  constructor() {
    super(
      'The project has received nothing between received_from and received_to: both lie before it was made, or ahead.',
    );
  }
}

/** Import tools ask for a project's counts, and for settlement once they are done. */
export function createImportDesk({ ledger, settlement, clock }: DeskDeps): ImportDesk {
  return {
    async counts({ orgId, id: projectId }, from) {
      const to = ledgerMinute(clock.now()) + 1;
      return sum(await ledger.rows({ orgId, projectId, from: ledgerMinute(from), to }));
    },
    async settle({ id, createdAt }, span) {
      const from = Math.max(span.from, createdAt);
      const to = Math.min(span.to, clock.now() + 1);
      if (from >= to) throw new EmptySpan();
      await settlement.request(id, from, to);
    },
  };
}

/** Events accepted in a month, from the ledger. */
export function createUsageReader({ ledger }: Pick<DeskDeps, 'ledger'>): UsageReader {
  return {
    async acceptedInMonth({ orgId, id: projectId }: Project, month: string) {
      const start = Date.parse(`${month}-01T00:00:00Z`);
      const range = { from: ledgerMinute(start), to: ledgerMinute(quotaMonthEnd(start)) };
      return sum(await ledger.rows({ orgId, projectId, ...range })).accepted;
    },
  };
}

function sum(rows: readonly LedgerRow[]): ImportCounts {
  const total = { accepted: 0, stored: 0, duplicate: 0, rejected: 0, quarantinedLater: 0 };
  for (const row of rows) {
    total.accepted += row.accepted;
    total.stored += row.stored;
    total.duplicate += row.duplicate;
    total.rejected += row.rejected;
    total.quarantinedLater += row.quarantinedLater;
  }
  return total;
}
