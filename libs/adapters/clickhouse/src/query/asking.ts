import type { QueryOptions } from '@productgraph/domain-query';
import type { Query } from './compiler.ts';
import type { Reading } from './tables.ts';

/** One question under way: its budget and tenant, and the servers to ask. */
export interface Asking {
  readonly options: QueryOptions;
  readonly reading: Reading;
  /** All rows of a statement; it is written so that they are bounded. */
  rows<Row>(query: Query): Promise<Row[]>;
  /** Hands over the rows of a statement one by one as they arrive; none is kept. */
  each(query: Query, take: (row: unknown) => void): Promise<void>;
}
