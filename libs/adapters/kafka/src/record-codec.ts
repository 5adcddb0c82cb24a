import type { LogRecord, RecordCounts, RecordSchema } from '@productgraph/contracts';
import type { ConsumedRecord } from '@productgraph/kernel';

/** What of a record travels in headers; the payload is the value. Headers are only ever added, and each says since when. */
interface RecordHeaders {
  readonly schema: string;
  readonly count: string;
  readonly received_at: string;
  readonly ids: Buffer;
  readonly counts: string;
  readonly producer: string;
  /** Absent when the request was not sampled. */
  readonly traceparent?: string;
}

/** A record as kafkajs sends it. */
export interface WireMessage {
  readonly value: Buffer;
  readonly headers: RecordHeaders;
}

/** What is read of a message as kafkajs gives it: a header that occurs twice is a list. */
export interface ReceivedMessage {
  readonly offset: string;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>> | undefined;
}

/** Bytes of a record besides payload and ids: headers with their names, lengths. */
const OVERHEAD_BYTES = 256;

/** Every schema, and nothing else: a schema that contracts add must be added here. */
const SCHEMAS: Readonly<Record<RecordSchema, true>> = {
  'events/1': true,
  'sessions/1': true,
  'quarantine/1': true,
  'control/1': true,
};

export function toWire(record: LogRecord): WireMessage {
  return {
    value: asBuffer(record.payload),
    headers: {
      schema: record.schema,
      count: String(record.count),
      received_at: String(record.receivedAt),
      ids: asBuffer(record.ids),
      counts: JSON.stringify(record.counts),
      producer: record.producer,
      ...(record.traceparent !== undefined && { traceparent: record.traceparent }),
    },
  };
}

/** Bytes of a record on the wire, never less than there will be unless names are longer than 100 characters. */
export function wireBytes({ payload, ids, counts }: LogRecord): number {
  let minutes = 0;
  for (const project of Object.values(counts)) minutes += Object.keys(project).length + 3;
  return payload.length + ids.length + OVERHEAD_BYTES + minutes * 24;
}

/** A message that this product has not written, or not whole: it has no place in the log. */
export class ForeignRecord extends Error {
  override readonly name = 'ForeignRecord';
}

/** @throws ForeignRecord with what is wrong with it */
export function fromWire({ offset, value, headers = {} }: ReceivedMessage): ConsumedRecord {
  const text = (name: string): string => requireText(headers[name], name);
  const schema = text('schema');
  if (!isSchema(schema)) throw new ForeignRecord(`header schema is "${schema.slice(0, 50)}"`);
  return {
    offset: Number(offset),
    schema,
    count: requireWhole(text('count'), 'count'),
    receivedAt: requireWhole(text('received_at'), 'received_at'),
    ids: requireBytes(headers.ids),
    counts: requireCounts(text('counts')),
    producer: text('producer'),
    payload: value ?? Buffer.alloc(0),
    ...(headers.traceparent !== undefined && { traceparent: text('traceparent') }),
  };
}

/**
 * Stands in for a foreign record, since offsets must go on without a gap: a control record without lines, which processors pass
 * over. Nothing acknowledged is lost by it, for ingestion has not written that message.
 */
export function emptyRecord(offset: number, receivedAt: number): ConsumedRecord {
  const nothing = Buffer.alloc(0);
  return {
    offset,
    schema: 'control/1',
    count: 0,
    receivedAt,
    ids: nothing,
    counts: {},
    producer: '',
    payload: nothing,
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isSchema(text: string): text is RecordSchema {
  return Object.hasOwn(SCHEMAS, text);
}

type Header = Buffer | string | (Buffer | string)[] | undefined;

function requireText(header: Header, name: string): string {
  if (header === undefined) throw new ForeignRecord(`header ${name} is missing`);
  if (Array.isArray(header)) throw new ForeignRecord(`header ${name} is there twice`);
  return typeof header === 'string' ? header : header.toString('utf8');
}

function requireBytes(header: Header): Buffer {
  if (!Buffer.isBuffer(header)) throw new ForeignRecord('header ids is missing');
  return header;
}

function requireWhole(text: string, name: string): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value) || value < 0) throw new ForeignRecord(`header ${name} is no count`);
  return value;
}

function requireCounts(text: string): RecordCounts {
  try {
    const counts: unknown = JSON.parse(text);
    if (typeof counts === 'object' && counts !== null && !Array.isArray(counts)) return counts as RecordCounts;
  } catch {
    // Told below.
  }
  throw new ForeignRecord('header counts is no JSON object');
}
