import { ValueOutOfRange } from '@productgraph/domain-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CopyWriter, uuidBytes } from './copy-writer.ts';

/** Fields of each row as PostgreSQL's COPY reads them. */
function readBack(chunks: readonly Buffer[]): (Buffer | null)[][] {
  const bytes = Buffer.concat(chunks);
  expect(bytes.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0');
  const rows: (Buffer | null)[][] = [];
  let at = 19;
  for (let columns = bytes.readInt16BE(at); columns !== -1; columns = bytes.readInt16BE(at)) {
    at += 2;
    const row: (Buffer | null)[] = [];
    for (let column = 0; column < columns; column++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row.push(length < 0 ? null : bytes.subarray(at, at + length));
      at += Math.max(0, length);
    }
    rows.push(row);
  }
  expect(at + 2).toBe(bytes.length);
  return rows;
}

describe('COPY writer', () => {
  it('writes what it is given, growing as needed', () => {
    const value = fc.record({
      text: fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })),
      long: fc.maxSafeInteger(),
      int: fc.integer(),
      small: fc.integer({ min: -32_768, max: 32_767 }),
      float: fc.double(),
      flag: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (rows) => {
        const writer = new CopyWriter(8);
        for (const row of rows) {
          writer.beginRow(6);
          writer.text(row.text);
          writer.int8(row.long);
          writer.int4(row.int);
          writer.int2(row.small);
          writer.float8(row.float);
          writer.bool(row.flag);
        }
        const read = readBack(writer.chunks()).map(([text, long, int, small, float, flag]) => ({
          text: text?.toString('utf8') ?? null,
          long: Number(long?.readBigInt64BE()),
          int: int?.readInt32BE(),
          small: small?.readInt16BE(),
          float: float?.readDoubleBE(),
          flag: flag?.[0] === 1,
        }));
        expect(read).toEqual(rows);
      }),
    );
  });

  it('writes times as microseconds since 2000, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (time) => {
        const writer = new CopyWriter(64);
        writer.beginRow(1);
        writer.time(time);
        const micros = readBack(writer.chunks())[0]?.[0]?.readBigInt64BE();
        expect(micros).toBe((BigInt(time) - 946_684_800_000n) * 1000n);
      }),
    );
  });

  it('sends any range of rows, and takes a row back', () => {
    const writer = new CopyWriter(64);
    for (const text of ['a', 'b', 'bad', 'c']) {
      writer.beginRow(1);
      writer.text(text);
      if (text === 'bad') writer.abandonRow();
    }
    const texts = (first?: number, end?: number): unknown[] =>
      readBack(writer.chunks(first, end)).map(([text]) => text?.toString());
    expect(writer.rows).toBe(3);
    expect(texts()).toEqual(['a', 'b', 'c']);
    expect(texts(1, 2)).toEqual(['b']);
    expect(texts(3, 3)).toEqual([]);
    writer.clear();
    expect(texts()).toEqual([]);
  });

  it.each<[string, (writer: CopyWriter) => void]>([
    ['int2 beyond its range', (writer) => writer.int2(32_768)],
    ['int4 beyond its range', (writer) => writer.int4(-2_147_483_649)],
    ['int8 beyond exact integers', (writer) => writer.int8(2 ** 53)],
    ['a fraction', (writer) => writer.int8(1.5)],
    ['no number', (writer) => writer.int4(Number.NaN)],
    ['a time that is none', (writer) => writer.time(Number.NaN)],
    ['a time that no Date holds', (writer) => writer.time(8.64e15 + 1)],
  ])('refuses %s instead of wrapping it', (_, write) => {
    expect(() => write(new CopyWriter(8))).toThrow(ValueOutOfRange);
  });

  it('writes UUIDs as 16 bytes', () => {
    const writer = new CopyWriter(8);
    writer.beginRow(1);
    writer.uuid(uuidBytes('0190aBcd-0000-7000-8000-00000000000f'));
    expect(readBack(writer.chunks())[0]?.[0]?.toString('hex')).toBe('0190abcd00007000800000000000000f');
  });
});
