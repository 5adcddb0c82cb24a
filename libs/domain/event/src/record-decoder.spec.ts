import { packLines, type LogRecord, type StoredEvent } from '@productgraph/contracts';
import { describe, expect, it } from 'vitest';
import { createEventDecoder } from './record-decoder.ts';

const record = (...lines: string[]): LogRecord => ({
  schema: 'events/1',
  count: lines.length,
  receivedAt: 0,
  ids: new Uint8Array(),
  counts: {},
  producer: 'spec',
  payload: packLines(lines),
});

function countingDecoder(cachedBytes?: number): {
  decode: ReturnType<typeof createEventDecoder>;
  calls: () => number;
} {
  let calls = 0;
  const decodeLine = (line: string): StoredEvent => {
    calls++;
    return JSON.parse(line) as StoredEvent;
  };
  return {
    decode: createEventDecoder(cachedBytes === undefined ? { decodeLine } : { decodeLine, cachedBytes }),
    calls: () => calls,
  };
}

describe('event decoder', () => {
  it('keeps the good neighbours of a broken line', () => {
    const { decode } = countingDecoder();
    const decoded = decode(record('{"eventId":"a"}', '{broken', '{"eventId":"b"}'));
    expect(decoded.map((line) => (line.kind === 'ok' ? line.value.eventId : line.reason))).toEqual([
      'a',
      'malformed_body',
      'b',
    ]);
    expect(decoded[1]).toMatchObject({ kind: 'quarantine', line: '{broken' });
  });

  it('makes a refused line of every event in a record that cannot be unpacked', () => {
    const { decode } = countingDecoder();
    const broken = { ...record('1', '2'), payload: Buffer.from('no zstd') };
    expect(decode(broken).map(({ kind }) => kind)).toEqual(['quarantine', 'quarantine']);
  });

  it('decodes a record once for all groups that read the same object', () => {
    const { decode, calls } = countingDecoder(10_000);
    const shared = record('1', '2');
    expect(decode(shared)).toBe(decode(shared));
    expect(calls()).toBe(2);
  });

  it('forgets the oldest beyond its bound, and no more than that', () => {
    const { decode, calls } = countingDecoder(2_100);
    const [a, b, c] = [record('1'), record('2'), record('3')];
    for (const one of [a, b, c]) decode(one);
    decode(b);
    decode(c);
    expect(calls()).toBe(3);
    decode(a);
    expect(calls()).toBe(4);
  });

  it('counts large events by their size', () => {
    const { decode, calls } = countingDecoder(100_000);
    const [large, small] = [record(`"${'€'.repeat(60_000)}"`), record('1')];
    for (const one of [small, large, small, large]) decode(one);
    expect(calls()).toBe(3);
  });

  it('keeps nothing by default', () => {
    const { decode, calls } = countingDecoder();
    const shared = record('1');
    decode(shared);
    decode(shared);
    expect(calls()).toBe(2);
  });
});
