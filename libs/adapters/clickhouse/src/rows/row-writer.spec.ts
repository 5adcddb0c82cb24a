import { ValueOutOfRange } from '@productgraph/domain-event';
import { describe, expect, it } from 'vitest';
import { RowWriter, uuidBytes } from './row-writer.ts';

function bytesOf(write: (to: RowWriter) => void): number[] {
  const to = new RowWriter(1);
  to.beginRow();
  write(to);
  return [...to.range()];
}

describe('RowWriter', () => {
  it.each<readonly [string, (to: RowWriter) => void, readonly number[]]>([
    ['a short text', (to) => to.text('é'), [2, 0xc3, 0xa9]],
    ['no text', (to) => to.text(''), [0]],
    ['Int16', (to) => to.int16(-2), [0xfe, 0xff]],
    ['Int32', (to) => to.int32(1), [1, 0, 0, 0]],
    ['Int64 beyond 32 bits', (to) => to.int64(2 ** 40 + 1), [1, 0, 0, 0, 0, 1, 0, 0]],
    ['a negative Int64', (to) => to.int64(-1), [255, 255, 255, 255, 255, 255, 255, 255]],
    ['Float64', (to) => to.float64(1), [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]],
    ['a time, fractions cut off', (to) => to.time(1.9), [1, 0, 0, 0, 0, 0, 0, 0]],
    ['Bool', (to) => to.bool(true), [1]],
    ['a varint', (to) => to.varint(300), [0xac, 0x02]],
    ['a UUID', (to) => to.uuid(uuidBytes('00010203-0405-0607-0809-0a0b0c0d0e0f')), [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8]], // prettier-ignore
  ])('writes %s', (_, write, bytes) => {
    expect(bytesOf(write)).toEqual(bytes);
  });

  it.each([127, 128, 16_383, 16_384, 70_000])('writes texts of %i bytes with their length', (length) => {
    const bytes = bytesOf((to) => to.text('x'.repeat(length)));
    const prefix = length < 128 ? 1 : length < 16_384 ? 2 : 3;
    expect(bytes).toHaveLength(prefix + length);
    expect(bytes.slice(0, prefix).reduce((sum, byte, at) => sum + (byte & 127) * 128 ** at, 0)).toBe(length);
  });

  it.each<readonly [string, (to: RowWriter) => void]>([
    ['Int16', (to) => to.int16(32_768)],
    ['Int32', (to) => to.int32(2 ** 31)],
    ['Int64', (to) => to.int64(2 ** 53)],
    ['a fraction', (to) => to.int16(0.5)],
    ['no number', (to) => to.int32(Number.NaN)],
    ['a time that is none', (to) => to.time(Number.NaN)],
    ['U+0000', (to) => to.text('nul \0')],
  ])('refuses %s that does not fit', (_, write) => {
    expect(() => bytesOf(write)).toThrow(ValueOutOfRange);
  });

  it('remembers where rows begin and forgets the one in the making', () => {
    const to = new RowWriter(4);
    for (const text of ['a', 'bb', 'ccc']) {
      to.beginRow();
      to.text(text);
    }
    to.beginRow();
    to.text('gone');
    to.abandonRow();
    expect(to.rows).toBe(3);
    expect(to.range(1, 3).toString('latin1')).toBe('\x02bb\x03ccc');
    expect(to.range(0, 1).toString('latin1')).toBe('\x01a');
    to.clear();
    expect([...to.range()]).toEqual([]);
  });
});
