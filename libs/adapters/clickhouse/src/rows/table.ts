import { ValueOutOfRange } from '@productgraph/domain-event';
import type { Column } from './columns.ts';
import { RowWriter } from './row-writer.ts';

/** A table that rows are written to. */
export interface Table<Row> {
  /** Name for reading, over all shards; `<name>_local` holds the rows of one, `<name>_probe` takes rows and keeps none. */
  readonly name: 'events' | 'sessions';
  readonly columns: readonly Column<Row>[];
  /** Begins every insert: number of columns, names, types. The server compares them with the table's. */
  readonly header: Buffer;
}

export function tableOf<Row>(name: Table<Row>['name'], columns: readonly Column<Row>[]): Table<Row> {
  const header = new RowWriter(4096);
  header.beginRow();
  header.varint(columns.length);
  for (const { name: columnName } of columns) header.text(columnName);
  for (const { type } of columns) header.text(type);
  return { name, columns, header: Buffer.from(header.range()) };
}

/** Writes a row; null = done, otherwise why it cannot be one (nothing is left of it then). */
export function writeRow<Row>(to: RowWriter, { columns }: Table<Row>, row: Row): string | null {
  to.beginRow();
  try {
    for (const { write } of columns) write(to, row);
    return null;
  } catch (error) {
    if (!(error instanceof ValueOutOfRange)) throw error;
    to.abandonRow();
    return error.message;
  }
}

/** `INSERT` into that table of the pair. */
export function insertInto<Row>({ name, columns }: Table<Row>, kind: 'local' | 'probe'): string {
  return `INSERT INTO ${name}_${kind} (${columns.map((one) => one.name).join(', ')}) FORMAT RowBinaryWithNamesAndTypes`;
}
