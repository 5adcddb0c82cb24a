import type { EventStore } from '@productgraph/domain-event';
import type { LedgerStore } from '@productgraph/domain-ledger';
import type { QueryEngine } from '@productgraph/domain-query';
import type { SettlementProgress } from '@productgraph/domain-session';
import type { KeyDirectory, ProjectDirectory, TenantOverview, TenantStore } from '@productgraph/domain-tenant';
import type { Clock, Lag, PartitionRef, StateStore } from '@productgraph/kernel';
import type { Part, Readiness } from '@productgraph/platform-runtime';
import type { Telemetry, Tracing } from '@productgraph/platform-telemetry';

/** What every part may use from the first moment. */
export interface Base {
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly telemetry: Telemetry;
  readonly tracing: Part<Tracing>;
  readonly readiness: Readiness;
  /** Aborted when this process may not go on. */
  readonly broken: AbortController;
}

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
  /** Sums over all tenants since a Unix minute. */
  ledgerSums(fromMinute: number): Promise<{
    readonly accepted: number;
    readonly stored: number;
    readonly duplicate: number;
    readonly quarantinedLater: number;
    readonly erased: number;
  }>;
}

/** A consumer group at work. */
export interface Group {
  readonly name: string;
  lag(): Promise<Lag[]>;
  faults(): readonly { readonly partition: PartitionRef; readonly error: string; readonly since: number }[];
  stop(): Promise<void>;
}

/** The session-processor, whose partitions settlement shares. */
export interface SessionGroup extends Group {
  assignments(): readonly PartitionRef[];
}
