const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const CLOSE_ARRAY = 93;
const ZERO = 48;
const SEVEN_DIGITS = 10_000_000;
const TIME_DIGITS = 13;

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

/** Times of the years 2001 to 2286 have 13 digits. */
const isUsualTime = (time: number): boolean => time >= 1e12 && time < 1e13;

/** Writes the 13 digits of a usual time, in two halves that fit 32 bits. */
function writeTime(target: Buffer, at: number, time: number): void {
  let high = Math.floor(time / SEVEN_DIGITS);
  let low = time - high * SEVEN_DIGITS;
  for (let i = at + 12; i > at + 5; i--, low = (low / 10) | 0) target[i] = ZERO + (low % 10);
  for (let i = at + 5; i >= at; i--, high = (high / 10) | 0) target[i] = ZERO + (high % 10);
}

function writeId(target: Buffer, at: number, { id, body }: LineEvent): number {
  if (typeof id === 'string') return at + target.write(JSON.stringify(id), at, 'utf8');
  for (let i = id.start; i < id.end; i++) target[at + i - id.start] = body[i] ?? 0;
  return at + id.end - id.start;
}

/** Heads of lines, `[["project",`, by project; cleared when full. They depend on the project alone, so every writer may share them. */
const heads = new Map<string, Buffer>();
const HEADS = 1_000;

function headOf(projectId: string): Buffer {
  let head = heads.get(projectId);
  if (head === undefined) {
    if (heads.size >= HEADS) heads.clear();
    head = Buffer.from(`[[${JSON.stringify(projectId)},`);
    heads.set(projectId, head);
  }
  return head;
}

/** Writes the lines of one batch straight into a record's bytes: equal to `eventLine` in lane 0, without making strings. */
export class EventLineWriter {
  readonly #batch: LineBatch;
  readonly #head: Buffer;
  /** What follows the id, with a time and a flag of the usual length to be overwritten; made for the second line. */
  #rest: Buffer | null = null;
  #timeAt = 0;
  #lines = 0;

  constructor(batch: LineBatch) {
    this.#batch = batch;
    this.#head = headOf(batch.projectId);
  }

  /**
   * Writes the line of an event, with a line feed behind.
   * @param target with room for {@link MAX_ENVELOPE_BYTES} and the event from `at` on
   * @returns position after the line feed
   */
  write(target: Buffer, at: number, event: LineEvent): number {
    target.set(this.#head, at);
    const text = this.#writeRest(target, writeId(target, at + this.#head.length, event), event);
    const end = text + event.body.copy(target, text, event.start, event.end);
    if (event.hasBreaks) breaksToSpaces(target, text, end);
    target[end] = CLOSE_ARRAY;
    target[end + 1] = LINE_FEED;
    return end + 2;
  }

  #restOf(timestamp: number, flags: number): string {
    const { receivedAt, sentAt } = this.#batch;
    return `,${receivedAt},${timestamp},${flags},0,${String(sentAt)}],`;
  }

  #template(): Buffer {
    this.#timeAt = `,${this.#batch.receivedAt},`.length;
    return Buffer.from(this.#restOf(1e12, 0));
  }

  #writeRest(target: Buffer, at: number, { timestamp, flags }: LineEvent): number {
    if (this.#lines++ === 0 || !isUsualTime(timestamp) || flags > 9) {
      return at + target.write(this.#restOf(timestamp, flags), at, 'latin1');
    }
    const rest = (this.#rest ??= this.#template());
    target.set(rest, at);
    writeTime(target, at + this.#timeAt, timestamp);
    target[at + this.#timeAt + TIME_DIGITS + 1] = ZERO + flags;
    return at + rest.length;
  }
}

/** Line breaks in JSON text can only be white space. */
function breaksToSpaces(target: Buffer, start: number, end: number): void {
  for (let i = start; i < end; i++) if (target[i] === LINE_FEED || target[i] === CARRIAGE_RETURN) target[i] = SPACE;
}
