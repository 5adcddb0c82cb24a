import { ValueOutOfRange } from '@productgraph/domain-event';
import { type RowWriter } from './row-writer.ts';

/** One column of a table: how the server declares it, and how a row's value is written. */
export interface Column<Row> {
  readonly name: string;
  /** As `DESCRIBE` shows it. */
  readonly type: string;
  /** @throws ValueOutOfRange when the value does not fit */
  readonly write: (to: RowWriter, row: Row) => void;
}

const TIME = "DateTime64(3, 'UTC')";

type Of<Row, Value> = (row: Row) => Value;

/** Makers of columns. */
export const column = {
  text: <Row>(name: string, of: Of<Row, string>): Column<Row> => ({
    name,
    type: 'String',
    write: (to, row) => to.text(of(row)),
  }),
  /** Text of few different values. */
  label: <Row>(name: string, of: Of<Row, string>): Column<Row> => ({
    name,
    type: 'LowCardinality(String)',
    write: (to, row) => to.text(of(row)),
  }),
  optionalText: <Row>(name: string, of: Of<Row, string | null>): Column<Row> =>
    nullable({ name, type: 'Nullable(String)' }, of, (to, value) => to.text(value)),
  optionalLabel: <Row>(name: string, of: Of<Row, string | null>): Column<Row> =>
    nullable({ name, type: 'LowCardinality(Nullable(String))' }, of, (to, value) => to.text(value)),
  /** JSON text, kept as it is. */
  json: <Row>(name: string, of: Of<Row, string>): Column<Row> => ({
    name,
    type: 'String',
    write: (to, row) => to.text(checkedJson(name, of(row))),
  }),
  optionalJson: <Row>(name: string, of: Of<Row, string | null>): Column<Row> =>
    nullable({ name, type: 'Nullable(String)' }, of, (to, value) => to.text(checkedJson(name, value))),
  time: <Row>(name: string, of: Of<Row, number>): Column<Row> => ({
    name,
    type: TIME,
    write: (to, row) => to.time(of(row)),
  }),
  optionalTime: <Row>(name: string, of: Of<Row, number | null>): Column<Row> =>
    nullable({ name, type: `Nullable(${TIME})` }, of, (to, value) => to.time(value)),
  int64: <Row>(name: string, of: Of<Row, number>): Column<Row> => ({
    name,
    type: 'Int64',
    write: (to, row) => to.int64(of(row)),
  }),
  int32: <Row>(name: string, of: Of<Row, number>): Column<Row> => ({
    name,
    type: 'Int32',
    write: (to, row) => to.int32(of(row)),
  }),
  int16: <Row>(name: string, of: Of<Row, number>): Column<Row> => ({
    name,
    type: 'Int16',
    write: (to, row) => to.int16(of(row)),
  }),
  optionalInt16: <Row>(name: string, of: Of<Row, number | null>): Column<Row> =>
    nullable({ name, type: 'Nullable(Int16)' }, of, (to, value) => to.int16(value)),
  optionalFloat: <Row>(name: string, of: Of<Row, number | null>): Column<Row> =>
    nullable({ name, type: 'Nullable(Float64)' }, of, (to, value) => to.float64(value)),
  bool: <Row>(name: string, of: Of<Row, boolean>): Column<Row> => ({
    name,
    type: 'Bool',
    write: (to, row) => to.bool(of(row)),
  }),
  /** Bytes of `uuidBytes`. */
  uuid: <Row>(name: string, of: Of<Row, Uint8Array>): Column<Row> => ({
    name,
    type: 'UUID',
    write: (to, row) => to.uuid(of(row)),
  }),
} as const;

function nullable<Row, Value>(
  declared: Pick<Column<Row>, 'name' | 'type'>,
  of: Of<Row, Value | null>,
  write: (to: RowWriter, value: Value) => void,
): Column<Row> {
  return {
    ...declared,
    write: (to, row) => {
      const value = of(row);
      to.isNull(value === null);
      if (value !== null) write(to, value);
    },
  };
}

/** Most objects are empty. @throws ValueOutOfRange */
function checkedJson(name: string, text: string): string {
  if (text === '{}') return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new ValueOutOfRange(`${name} is not JSON`);
  }
}
