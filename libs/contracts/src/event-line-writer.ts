const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const COMMA = 44;
const CLOSE_ARRAY = 93;
const ZERO = 48;
const SEVEN_DIGITS = 10_000_000;

/** Longest envelope: a project id, an event id of 200 characters (each escaped), five numbers. */
export const MAX_ENVELOPE_BYTES = 2_048;

/** What the lines of one batch share. Times are Unix milliseconds. */
export interface LineBatch {
  /** UUID. */
  readonly projectId: string;
  readonly receivedAt: number;
  readonly sentAt: number | null;
}

/** One event as found in a body; spans are offsets there. */
export interface LineEvent {
  readonly body: Buffer;
  readonly start: number;
  readonly end: number;
  /** The event's text holds line feeds (as white space). */
  readonly hasBreaks: boolean;
  /** JSON text of the event id in the body, quotes included; or the id that was made for it. */
  readonly id: { readonly start: number; readonly end: number } | string;
  readonly timestamp: number;
  readonly flags: number;
}

/** Writes a number as text. Answers the position after it. */
function writeNumber(target: Buffer, at: number, value: number): number {
  if (value < 1e12 || value >= 1e13) return at + target.write(String(value), at, 'latin1');
  // Times of the years 2001 to 2286: 13 digits, taken in two halves that fit 32 bits.
  let high = Math.floor(value / SEVEN_DIGITS);
  let low = value - high * SEVEN_DIGITS;
  for (let i = at + 12; i > at + 5; i--, low = (low / 10) | 0) target[i] = ZERO + (low % 10);
  for (let i = at + 5; i >= at; i--, high = (high / 10) | 0) target[i] = ZERO + (high % 10);
  return at + 13;
}

function writeBytes(target: Buffer, at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) target[at + i] = bytes[i] ?? 0;
  return at + bytes.length;
}

function writeId(target: Buffer, at: number, { id, body }: LineEvent): number {
  if (typeof id === 'string') return at + target.write(JSON.stringify(id), at, 'utf8');
  for (let i = id.start; i < id.end; i++) target[at + i - id.start] = body[i] ?? 0;
  return at + id.end - id.start;
}

/** Writes the lines of one batch straight into a record's bytes: equal to `eventLine` in lane 0, without making strings. */
export class EventLineWriter {
  readonly #head: Buffer;
  readonly #middle: Buffer;
  readonly #tail: Buffer;

  constructor({ projectId, receivedAt, sentAt }: LineBatch) {
    this.#head = Buffer.from(`[[${JSON.stringify(projectId)},`);
    this.#middle = Buffer.from(`,${String(receivedAt)},`);
    this.#tail = Buffer.from(`,0,${String(sentAt)}],`);
  }

  /**
   * Writes the line of an event, with a line feed behind.
   * @param target with room for {@link MAX_ENVELOPE_BYTES} and the event from `at` on
   * @returns position after the line feed
   */
  write(target: Buffer, at: number, event: LineEvent): number {
    let end = writeBytes(target, at, this.#head);
    end = writeId(target, end, event);
    end = writeBytes(target, end, this.#middle);
    end = writeNumber(target, end, event.timestamp);
    target[end++] = COMMA;
    end = writeNumber(target, end, event.flags);
    end = writeBytes(target, end, this.#tail);
    const text = end;
    end += event.body.copy(target, end, event.start, event.end);
    if (event.hasBreaks) breaksToSpaces(target, text, end);
    target[end++] = CLOSE_ARRAY;
    target[end++] = LINE_FEED;
    return end;
  }
}

/** Line breaks in JSON text can only be white space. */
function breaksToSpaces(target: Buffer, start: number, end: number): void {
  for (let i = start; i < end; i++) if (target[i] === LINE_FEED || target[i] === CARRIAGE_RETURN) target[i] = SPACE;
}
