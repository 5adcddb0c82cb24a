import { unpackLines, type ErrorCode, type LogRecord, type StoredEvent } from '@productgraph/contracts';

/** A line of schema `events/1`: an event, or why it is none. */
export type DecodedEvent =
  | { readonly kind: 'ok'; readonly value: StoredEvent }
  | { readonly kind: 'quarantine'; readonly reason: ErrorCode; readonly message: string; readonly line: string };

/** Lines of a record, in order. */
export type EventDecoder = (record: LogRecord) => readonly DecodedEvent[];

export interface EventDecoderOptions {
  /** Line to event; an exception sends the line to quarantine. */
  readonly decodeLine: (line: string) => StoredEvent;
  /**
   * Decoded events kept, by record, those made first leave first. In a process where several groups read the same record (the very
   * same payload object), it is decoded once. About 1 KB per event. Default 0: nothing is kept.
   */
  readonly cachedEvents?: number;
}

function decode(line: string, decodeLine: (line: string) => StoredEvent): DecodedEvent {
  try {
    return { kind: 'ok', value: decodeLine(line) };
  } catch (error) {
    return {
      kind: 'quarantine',
      reason: 'malformed_body',
      message: error instanceof Error ? error.message : String(error),
      line,
    };
  }
}

/** A payload that cannot be unpacked is one refused line for each event that its header counts: the ledger still adds up. */
function decodeRecord(record: LogRecord, decodeLine: (line: string) => StoredEvent): DecodedEvent[] {
  const lines = unpacked(record);
  if (Array.isArray(lines)) return lines.map((line) => decode(line, decodeLine));
  return Array.from({ length: record.count }, () => ({
    kind: 'quarantine',
    reason: 'malformed_body',
    message: lines.message,
    line: '',
  }));
}

function unpacked({ payload }: LogRecord): string[] | Error {
  try {
    return unpackLines(payload);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A decoder to be shared by the groups of one process. */
export function createEventDecoder({ decodeLine, cachedEvents = 0 }: EventDecoderOptions): EventDecoder {
  const cache = new Map<Uint8Array, readonly DecodedEvent[]>();
  let events = 0;

  function keep(payload: Uint8Array, decoded: readonly DecodedEvent[]): void {
    if (decoded.length > cachedEvents) return;
    cache.set(payload, decoded);
    events += decoded.length;
    for (const [oldest, { length }] of cache) {
      if (events <= cachedEvents) return;
      cache.delete(oldest);
      events -= length;
    }
  }

  return (record) => {
    const known = cache.get(record.payload);
    if (known !== undefined) return known;
    const decoded = decodeRecord(record, decodeLine);
    keep(record.payload, decoded);
    return decoded;
  };
}
