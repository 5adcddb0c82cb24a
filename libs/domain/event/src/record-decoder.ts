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
   * Memory of decoded records kept, bytes at most; those made first leave first. In a process where several groups read the same record
   * (the very same payload object), it is decoded once. Default 0: nothing is kept.
   */
  readonly cachedBytes?: number;
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

/** What a decoded event takes besides its text, bytes: its object and the slices of its fields. */
const EVENT_BYTES = 1_024;

interface Decoded {
  readonly events: readonly DecodedEvent[];
  /** Estimate of its memory, never too small by much: text is counted as two bytes a character. */
  readonly bytes: number;
}

/** A payload that cannot be unpacked is one refused line for each event that its header counts: the ledger still adds up. */
function decodeRecord(record: LogRecord, decodeLine: (line: string) => StoredEvent): Decoded {
  const lines = unpacked(record);
  if (!Array.isArray(lines)) return { events: refused(record.count, lines.message), bytes: record.count * EVENT_BYTES };
  const bytes = lines.reduce((sum, line) => sum + line.length * 2 + EVENT_BYTES, 0);
  return { events: lines.map((line) => decode(line, decodeLine)), bytes };
}

function refused(count: number, message: string): DecodedEvent[] {
  return Array.from({ length: count }, () => ({ kind: 'quarantine', reason: 'malformed_body', message, line: '' }));
}

function unpacked({ payload }: LogRecord): string[] | Error {
  try {
    return unpackLines(payload);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A decoder to be shared by the groups of one process. */
export function createEventDecoder({ decodeLine, cachedBytes = 0 }: EventDecoderOptions): EventDecoder {
  const cache = new Map<Uint8Array, Decoded>();
  let held = 0;

  function keep(payload: Uint8Array, decoded: Decoded): void {
    if (decoded.bytes === 0 || decoded.bytes > cachedBytes) return;
    cache.set(payload, decoded);
    held += decoded.bytes;
    for (const [oldest, { bytes }] of cache) {
      if (held <= cachedBytes) return;
      cache.delete(oldest);
      held -= bytes;
    }
  }

  return (record) => {
    const known = cache.get(record.payload);
    if (known !== undefined) return known.events;
    const decoded = decodeRecord(record, decodeLine);
    keep(record.payload, decoded);
    return decoded.events;
  };
}
