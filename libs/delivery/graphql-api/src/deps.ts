import type { ErrorCode, QuarantineEntry } from '@productgraph/contracts';
import type { LedgerStore } from '@productgraph/domain-ledger';
import type { QueryEngine } from '@productgraph/domain-query';
import type { KeyDirectory, TenantStore } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { GraphqlFacts } from '@productgraph/platform-telemetry';
import type { GraphqlLimits } from './limits.ts';

/** `behind`: works, but is late or retries. `missing`: nothing can be served without it. */
export type ComponentState = 'ok' | 'behind' | 'missing';

/** What `health` answers. Details are shown to every token: no addresses, no secrets. */
export interface HealthReport {
  readonly components: readonly {
    readonly name: string;
    readonly state: ComponentState;
    readonly detail: string | null;
  }[];
  /** Records that each group has still to read. */
  readonly lag: readonly {
    readonly group: string;
    readonly topic: string;
    readonly partition: number;
    readonly records: number;
  }[];
}

export interface ReplayResult {
  readonly accepted: number;
  readonly rejected: number;
  /** One per refused entry; `id` is the entry's. */
  readonly errors: readonly { readonly id: string; readonly code: ErrorCode; readonly message: string }[];
}

/**
 * Sends the payloads of quarantine entries through ingestion again. What is refused again becomes a new entry.
 * @throws LogUnavailable when the event log cannot take them
 */
export type ReplayQuarantine = (entries: readonly QuarantineEntry[]) => Promise<ReplayResult>;

/** What the app wires in. */
export interface GraphqlApiDeps {
  readonly queryEngine: QueryEngine;
  readonly tenants: TenantStore;
  readonly keys: KeyDirectory;
  readonly ledger: LedgerStore;
  readonly clock: Clock;
  readonly replay: ReplayQuarantine;
  readonly health: () => Promise<HealthReport>;
  /** Up to when sessions of the project are settled, Unix ms; null = nothing yet. */
  readonly settledUpTo: (orgId: string, projectId: string) => Promise<number | null>;
  /** Told of each key that was changed, for caches of other processes. */
  readonly keyChanged?: (keyId: string) => void;
  readonly facts: GraphqlFacts;
  /** Where they differ from {@link DEFAULT_GRAPHQL_LIMITS}. */
  readonly limits?: Partial<GraphqlLimits>;
}
