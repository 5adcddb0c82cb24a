import type { QueryOptions } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';

/** One question under way: its budget, and the tenant's transaction to read in. */
export interface Asking {
  readonly options: QueryOptions;
  /** All rows of a statement; it is written so that they are bounded. */
  rows<Row>(statement: Statement): Promise<Row[]>;
  /**
   * Hands over the rows of a statement one by one as they arrive; none is kept. No cursor: PostgreSQL runs those without
   * parallel workers, and plans them for their first rows.
   */
  each(statement: Statement, take: (row: unknown) => void): Promise<void>;
}
