import { readdirSync, readFileSync } from 'node:fs';
import type { LogRecord } from '@productgraph/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRecord, ForeignRecord, fromWire, toWire, wireBytes, type ReceivedMessage } from './record-codec.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const names = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((text) => text.isWellFormed() && text !== '__proto__');
const counts = fc.dictionary(names, fc.dictionary(fc.nat().map(String), fc.nat(), { noNullPrototype: true }), {
  noNullPrototype: true,
  maxKeys: 20,
});
const records: fc.Arbitrary<LogRecord> = fc
  .record({
    schema: fc.constantFrom('events/1', 'sessions/1', 'quarantine/1', 'control/1'),
    count: fc.nat(),
    receivedAt: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
    ids: bytes,
    counts,
    producer: names,
    payload: bytes,
    traceparent: fc.option(names, { nil: undefined }),
  })
  .map(({ traceparent, ...rest }) => ({ ...rest, ...(traceparent !== undefined && { traceparent }) }));

/** A message as it comes back: headers are bytes. */
function received(record: LogRecord, offset = 7): ReceivedMessage {
  const { value, headers } = toWire(record);
  return {
    offset: String(offset),
    value,
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])),
  };
}

const plain = (record: LogRecord): unknown => ({
  ...record,
  ids: Buffer.from(record.ids).toString('hex'),
  payload: Buffer.from(record.payload).toString('hex'),
});

describe('a record', () => {
  it('comes back from the wire as it was', () => {
    fc.assert(
      fc.property(records, fc.maxSafeNat(), (record, offset) => {
        const back = fromWire(received(record, offset));
        expect(plain(back)).toEqual({ ...(plain(record) as object), offset });
        expect(Object.keys(back.counts)).toEqual(Object.keys(record.counts));
      }),
    );
  });

  it('is not larger than was reckoned', () => {
    const ours = records.filter((record) => record.producer.length < 100 && Object.keys(record.counts).length < 4);
    fc.assert(
      fc.property(ours, (record) => {
        const uuids = Object.fromEntries(
          Object.values(record.counts).map((one, at) => [`01997a3c-0000-7000-8000-00000000000${at}`, one]),
        );
        const sized = { ...record, producer: 'ingestion-1', counts: uuids };
        const { value, headers } = toWire({ ...sized, traceparent: `00-${'4'.repeat(32)}-${'0'.repeat(16)}-01` });
        const texts = Object.entries(headers) as [string, string | Buffer][];
        const size = texts.reduce((sum, [name, header]) => sum + name.length + header.length + 6, 40);
        expect(value.length + size).toBeLessThanOrEqual(wireBytes(sized) + 50);
      }),
    );
  });

  it('stands in for a foreign one without lines, at its offset', () => {
    expect(emptyRecord(9, 5)).toMatchObject({ offset: 9, receivedAt: 5, count: 0, schema: 'control/1', counts: {} });
  });
});

describe('a message that is not ours', () => {
  const good = received({
    schema: 'events/1',
    count: 1,
    receivedAt: 1,
    ids: Buffer.alloc(8),
    counts: {},
    producer: 'p',
    payload: Buffer.alloc(3),
  });

  it.each<[string, Partial<NonNullable<ReceivedMessage['headers']>> | undefined]>([
    ['header schema is missing', undefined],
    ['header schema is "events/9"', { schema: Buffer.from('events/9') }],
    ['header schema is "constructor"', { schema: Buffer.from('constructor') }],
    ['header count is there twice', { count: [Buffer.from('1'), Buffer.from('2')] }],
    ['header count is no count', { count: Buffer.from('-1') }],
    ['header received_at is no count', { received_at: Buffer.from('1e99') }],
    ['header received_at is no count', { received_at: Buffer.from('') }],
    ['header ids is missing', { ids: undefined }],
    ['header counts is no JSON object', { counts: Buffer.from('[]') }],
    ['header counts is no JSON object', { counts: Buffer.from('{') }],
    ['header producer is missing', { producer: undefined }],
  ])('is told: %s', (fault, changes) => {
    const headers = changes === undefined ? undefined : { ...good.headers, ...changes };
    expect(() => fromWire({ ...good, headers })).toThrow(new ForeignRecord(fault));
  });
});

interface Fixture {
  readonly since: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly record: Readonly<Record<string, unknown>>;
}

const FIXTURES = new URL('../fixtures/', import.meta.url);

// A log outlives versions: what was written once must be readable for ever. Fixtures are added, never changed.
describe.each(readdirSync(FIXTURES))('message of fixture %s', (name) => {
  const { value, headers, record } = JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as Fixture;
  const decode = (text: string): Buffer => Buffer.from(text, 'base64');

  it('is read as it was written', () => {
    const back = fromWire({
      offset: '3',
      value: decode(value),
      headers: Object.fromEntries(Object.entries(headers).map(([header, text]) => [header, decode(text)])),
    });
    expect(plain(back)).toEqual({ offset: 3, ...record });
  });
});
