/*
 * Rows in ClickHouse's format RowBinary (https://clickhouse.com/docs/interfaces/formats/RowBinary): little endian, no escaping,
 * numbers exact, nothing to parse for the server. Numbers outside a column's range are refused here, as the format would wrap
 * them silently.
 */

import { integerWithin, ValueOutOfRange } from '@productgraph/domain-event';

const TWO_32 = 0x1_0000_0000;

/** A UUID in ClickHouse's order of bytes: both halves reversed. */
export function uuidBytes(uuid: string): Uint8Array {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 8).reverse();
  bytes.subarray(8, 16).reverse();
  return bytes;
}

/** A growing buffer of rows that remembers where each begins, so that any range of them can be sent. */
export class RowWriter {
  #bytes: Buffer;
  #view: DataView;
  #at = 0;
  #starts: number[] = [];

  /** @param capacity bytes to begin with; grows by doubling */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get rows(): number {
    return this.#starts.length;
  }

  /** Bytes that it holds on to. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Forgets all rows, keeps the memory. */
  clear(): void {
    this.#at = 0;
    this.#starts = [];
  }

  beginRow(): void {
    this.#starts.push(this.#at);
  }

  /** Takes the row in the making back. */
  abandonRow(): void {
    this.#at = this.#starts.pop() ?? 0;
  }

  /** @throws ValueOutOfRange for U+0000: no store of ours keeps it */
  text(value: string): void {
    if (value.includes('\0')) throw new ValueOutOfRange('A text holds U+0000');
    // A UTF-16 code unit takes at most 3 bytes in UTF-8.
    const most = value.length * 3;
    this.#room(most + 5);
    if (most < 128) {
      const length = this.#bytes.write(value, this.#at + 1, 'utf8');
      this.#bytes[this.#at] = length;
      this.#at += 1 + length;
      return;
    }
    const length = Buffer.byteLength(value);
    this.#putVarint(length);
    this.#at += this.#bytes.write(value, this.#at, 'utf8');
  }

  /** Before a value of a Nullable column: whether it is null. */
  isNull(value: boolean): void {
    this.#byte(value ? 1 : 0);
  }

  bool(value: boolean): void {
    this.#byte(value ? 1 : 0);
  }

  int16(value: number): void {
    this.#room(2);
    this.#view.setInt16(this.#at, integerWithin(value, -32_768, 32_767), true);
    this.#at += 2;
  }

  int32(value: number): void {
    this.#room(4);
    this.#view.setInt32(this.#at, integerWithin(value, -2_147_483_648, 2_147_483_647), true);
    this.#at += 4;
  }

  int64(value: number): void {
    integerWithin(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    this.#room(8);
    const high = Math.floor(value / TWO_32);
    this.#view.setUint32(this.#at, value - high * TWO_32, true);
    this.#view.setInt32(this.#at + 4, high, true);
    this.#at += 8;
  }

  float64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Unix milliseconds as DateTime64(3); fractions are cut off. */
  time(value: number): void {
    if (!(Math.abs(value) <= 8.64e15)) throw new ValueOutOfRange(`${value} is not a time`);
    this.int64(Math.floor(value));
  }

  /** Of {@link uuidBytes}. */
  uuid(bytes: Uint8Array): void {
    this.#room(16);
    this.#bytes.set(bytes, this.#at);
    this.#at += 16;
  }

  /** Bytes of the rows from `first` up to `end`, exclusive. Valid until the next {@link clear}. */
  range(first = 0, end = this.rows): Buffer {
    const from = this.#starts[first] ?? this.#at;
    return this.#bytes.subarray(from, this.#starts[end] ?? this.#at);
  }

  /** Unsigned LEB128, up to 2^31. */
  varint(value: number): void {
    this.#room(5);
    this.#putVarint(value);
  }

  #putVarint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
