import type { Month, RefusedRow } from '@productgraph/domain-event';
import type { RowWriter } from '../rows/row-writer.ts';
import type { Table } from '../rows/table.ts';

/** Rows of one table, shard and month: what one insert takes. */
export interface RowGroup {
  readonly kind: RefusedRow['kind'];
  readonly table: Table<never>;
  readonly writer: RowWriter;
  readonly shard: number;
  readonly month: Month;
  /** Rows of the writer: from `first` up to `end`, exclusive. */
  readonly first: number;
  readonly end: number;
  /** Of each row its place among the block's rows of that kind. */
  readonly indexes: readonly number[];
}

/** Where a row goes. */
export interface Place {
  /** Among the block's rows of that kind. */
  readonly index: number;
  readonly shard: number;
  readonly month: Month;
}

export interface Grouping {
  readonly kind: RefusedRow['kind'];
  readonly table: Table<never>;
  readonly writer: RowWriter;
  /** Writes the row; answers why it cannot be one. */
  readonly write: (place: Place) => string | null;
}

export interface Grouped {
  readonly groups: readonly RowGroup[];
  /** Rows that could not be written. */
  readonly refused: readonly RefusedRow[];
}

/** Writes rows in order of shards and months, otherwise as they came. */
export function groupRows(places: readonly Place[], grouping: Grouping): Grouped {
  const { kind, table, writer, write } = grouping;
  const groups: (RowGroup & { end: number; indexes: number[] })[] = [];
  const refused: RefusedRow[] = [];
  for (const place of places.toSorted((a, b) => a.shard - b.shard || a.month - b.month || a.index - b.index)) {
    const { shard, month, index } = place;
    const message = write(place);
    if (message !== null) {
      refused.push({ kind, index, code: 'store_refused', message });
      continue;
    }
    const current = groups.at(-1);
    if (current?.shard === shard && current.month === month) {
      current.end = writer.rows;
      current.indexes.push(index);
    } else {
      groups.push({ kind, table, writer, shard, month, first: writer.rows - 1, end: writer.rows, indexes: [index] });
    }
  }
  return { groups, refused };
}
