import type { Metadata } from '@productgraph/assembly-servers';
import type { EventStore } from '@productgraph/domain-event';
import type { QueryEngine } from '@productgraph/domain-query';
import type { StateStore } from '@productgraph/kernel';

/** The stores, as their ports. */
export interface Ports extends Metadata {
  readonly store: EventStore;
  readonly state: StateStore;
  readonly queryEngine: QueryEngine;
  readonly upkeep: {
    /** Makes the tables of the months that writers need next. */
    makeMonthsAhead(): Promise<void>;
    /** Retention, repeated ids, bounds of quarantine, ledger minutes into days; ends between steps when told to. */
    run(signal: AbortSignal): Promise<unknown>;
  };
}
