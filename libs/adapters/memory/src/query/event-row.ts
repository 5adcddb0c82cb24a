import type { StoredEvent } from '@productgraph/contracts';
import type { MergedSession } from '@productgraph/domain-query';

/** An event with the session around it. */
export interface EventRow {
  readonly event: StoredEvent;
  readonly session: MergedSession | null;
}
