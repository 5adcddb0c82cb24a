import type { QueryOptions } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';

/** One question under way: its budget, and the tenant's transaction to read in. */
export interface Asking {
  readonly options: QueryOptions;
  /** All rows of a statement; it is written so that they are bounded. */
  rows<Row>(statement: Statement): Promise<Row[]>;
  /** Rows of a statement in batches, through a cursor: memory holds one batch. */
  batches<Row>(statement: Statement): AsyncIterable<Row[]>;
}
