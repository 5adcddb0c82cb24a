import type { LedgerSums } from '@productgraph/assembly-process';
import type { EventStore } from '@productgraph/domain-event';
import type { LedgerStore } from '@productgraph/domain-ledger';
import type { QueryEngine } from '@productgraph/domain-query';
import type { SettlementProgress } from '@productgraph/domain-session';
import type { KeyDirectory, ProjectDirectory, TenantOverview, TenantStore } from '@productgraph/domain-tenant';
import type { StateStore } from '@productgraph/kernel';

/** The stores, as their ports. */
export interface Ports {
  readonly tenants: TenantStore;
  readonly keys: KeyDirectory;
  readonly projects: ProjectDirectory;
  readonly overview: TenantOverview;
  readonly store: EventStore;
  readonly state: StateStore;
  readonly settlement: SettlementProgress;
  readonly ledger: LedgerStore;
  readonly queryEngine: QueryEngine;
  readonly upkeep: {
    /** Makes the tables of the months that writers need next. */
    makeMonthsAhead(): Promise<void>;
    /** Retention, repeated ids, bounds of quarantine, ledger minutes into days; ends between steps when told to. */
    run(signal: AbortSignal): Promise<unknown>;
  };
  /** Rejects when the database does not answer. */
  ping(): Promise<unknown>;
  readonly ledgerSums: LedgerSums;
}
