import type { RefusedRow } from '@productgraph/domain-event';
import type { RowWriter } from '../rows/row-writer.ts';
import type { Owners } from './owners.ts';
import type { Routing } from './routing.ts';

/** What makes a block rows. */
export interface Encoding {
  readonly owners: Owners;
  readonly routing: Routing;
  /** Refused when the range was recorded; null = it is new, and events of unknown projects are refused. */
  readonly known: readonly RefusedRow[] | null;
  readonly events: RowWriter;
  readonly sessions: RowWriter;
}
