import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';

/** Packing limits of one log record: whichever is reached first. */
export const RECORD_LIMITS = { lines: 500, bytes: 256 * 1024 } as const;

/** Name and version of the lines inside a record's payload. Fields are only ever added. */
export type RecordSchema = 'events/1' | 'sessions/1' | 'quarantine/1' | 'control/1';

/** Events per project and minute of receipt (Unix minutes as text): what the ledger counts as accepted. */
export type RecordCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A packed record: up to 500 lines of one partition, as zstd-compressed NDJSON. */
export interface LogRecord {
  readonly schema: RecordSchema;
  /** Lines in the payload. */
  readonly count: number;
  /** Greatest time of receipt among the lines, Unix milliseconds. */
  readonly receivedAt: number;
  /** 8 bytes per line (big-endian murmur3 of project and event id), in line order; empty when the schema has no ids. */
  readonly ids: Uint8Array;
  readonly counts: RecordCounts;
  /** W3C trace context of the request that began the record, when it was sampled. */
  readonly traceparent?: string;
  /** Name of the producing process, for "who sent this". */
  readonly producer: string;
  readonly payload: Uint8Array;
}

/**
 * First element of a line of schema `events/1`; the second is the client's event as sent.
 * [project id, event id, received at, corrected time, flags, lane, sent at or null]. Later fields are appended.
 */
export type EventEnvelope = readonly [
  projectId: string, eventId: string, receivedAt: number, timestamp: number, flags: number, lane: number, sentAt: number | null,
]; // prettier-ignore

const LINE_FEED = 10;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Below it there is next to nothing to gain, and setting up a compressor takes longer than all else that is done for an event. */
const STORED_BYTES = 1_024;

/** A zstd frame (RFC 8878) of one raw block: the bytes as they are, which any zstd decompressor takes. */
function storedFrame(bytes: Uint8Array): Uint8Array {
  const isLong = bytes.length > 255;
  const headerBytes = isLong ? 10 : 9;
  // Of its own: records are kept, and a slab of Node's pool would stay with them.
  const frame = Buffer.allocUnsafeSlow(headerBytes + bytes.length);
  frame.writeUInt32LE(0xfd2fb528, 0);
  // Single segment, no checksum; content size in one byte, or in two less 256.
  frame[4] = isLong ? 0x60 : 0x20;
  if (isLong) frame.writeUInt16LE(bytes.length - 256, 5);
  else frame[5] = bytes.length;
  // Last block, raw, its size from bit 3 on.
  frame.writeUIntLE((bytes.length << 3) | 1, headerBytes - 3, 3);
  frame.set(bytes, headerBytes);
  return frame;
}

/** The bytes in memory of at most twice their size, copied where they are a small part of a buffer. */
const inItsOwn = (bytes: Uint8Array): Uint8Array =>
  bytes.buffer.byteLength > 2 * bytes.length ? new Uint8Array(bytes) : bytes;

/** NDJSON (lines joined by `\n`, none at the end) to a payload. */
export function packBytes(ndjson: Uint8Array): Uint8Array {
  if (ndjson.length < STORED_BYTES) return storedFrame(ndjson);
  // The output buffer is allocated whole: what repeats a lot needs a tenth of the default 16 KB, and big records need no second one.
  return inItsOwn(zstdCompressSync(ndjson, { ...LEVEL, chunkSize: Math.max(1_024, ndjson.length >> 2) }));
}

/** Lines to a payload. */
export function packLines(lines: readonly string[]): Uint8Array {
  return packBytes(Buffer.from(lines.join('\n'), 'utf8'));
}

/**
 * Lines of a payload.
 * @param maxBytes bound on the decompressed size; a payload of ours never exceeds the packing limit plus one event
 * @throws RangeError or zlib error when the payload is broken or larger than the bound
 */
export function unpackLines(payload: Uint8Array, maxBytes: number = RECORD_LIMITS.bytes * 8): string[] {
  if (payload.length === 0) return [];
  const bytes = zstdDecompressSync(payload, { maxOutputLength: maxBytes });
  const lines: string[] = [];
  // Line by line: strings cut from one big string would keep all of it in memory as long as any of them lives.
  for (let start = 0, end = 0; bytes.length > 0 && end >= 0; start = end + 1) {
    end = bytes.indexOf(LINE_FEED, start);
    lines.push(bytes.toString('utf8', start, end < 0 ? bytes.length : end));
  }
  return lines;
}

/** One line of schema `events/1`. `event` must be JSON text; line breaks in it can only be white space and become blanks. */
export function eventLine(envelope: EventEnvelope, event: string): string {
  const oneLine = event.includes('\n') || event.includes('\r') ? event.replaceAll(/[\r\n]/g, ' ') : event;
  return `[${JSON.stringify(envelope)},${oneLine}]`;
}

/**
 * Splits a line of schema `events/1` into its envelope and the raw text of the event.
 * @throws SyntaxError when the line is not of that form
 */
export function splitEventLine(line: string): { envelope: EventEnvelope; event: string } {
  // The envelope holds no `]` outside strings, and ids are JSON strings in which `]` may occur: look for `],{` from the third element on.
  const end = envelopeEnd(line);
  return { envelope: JSON.parse(line.slice(1, end)) as EventEnvelope, event: line.slice(end + 1, -1) };
}

function envelopeEnd(line: string): number {
  let at = 2;
  for (let strings = 0; strings < 2; strings++) {
    at = closingQuote(line, at) + 2;
  }
  const end = line.indexOf(']', at);
  if (!line.startsWith('[[') || end < 0) throw new SyntaxError('Not an event line: no envelope');
  return end + 1;
}

function closingQuote(line: string, openAt: number): number {
  let at = line.indexOf('"', openAt + 1);
  while (at > 0 && isEscaped(line, at)) at = line.indexOf('"', at + 1);
  if (at < 0) throw new SyntaxError('Not an event line: string without an end');
  return at;
}

function isEscaped(line: string, quoteAt: number): boolean {
  let slashes = 0;
  while (line.charCodeAt(quoteAt - 1 - slashes) === 92) slashes++;
  return slashes % 2 === 1;
}
