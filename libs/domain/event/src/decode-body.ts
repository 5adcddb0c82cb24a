import type { Fault } from './event-checks.ts';
import { EventReader } from './event-reader.ts';
import { judgeEvent, type ReadEvent, type ReadRules, unreadEvent } from './read-event.ts';

/** Events of a request, in the order sent; their spans are offsets in the body. */
export interface DecodedBody {
  readonly ok: true;
  readonly events: readonly ReadEvent[];
  /** `sent_at` and `historical` of a `{"events":[…]}` body, as sent; undefined = not there. */
  readonly sentAt: unknown;
  readonly historical: unknown;
}

/** A body that cannot be taken apart. */
export interface RefusedBody {
  readonly ok: false;
  readonly code: 'malformed_body' | 'too_many_events';
  readonly message: string;
}

export interface BodyRules extends ReadRules {
  /** Value of the Content-Type header; anything is allowed, only NDJSON's types matter. */
  readonly contentType: string | undefined;
}

const COMMA = 44;
const COLON = 58;
const QUOTE = 34;
const LINE_FEED = 10;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const NDJSON = /^\s*(?:application|text)\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines)\b/i;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** A value beside `events` that is longer cannot be `sent_at` or `historical`, nor a longer key one of the three. */
const OPTION_BYTES = 256;
const KEY_BYTES = 64;

const NOT_OBJECT: Fault = { code: 'invalid_event', message: 'the event is not a JSON object' };
const NOT_JSON: Fault = { code: 'invalid_event', message: 'the line is not JSON' };

const reader = new EventReader();

/** The body is not JSON, or too much of it. */
class Refusal extends Error {
  readonly code: RefusedBody['code'];

  constructor(code: RefusedBody['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const malformed = (): Refusal =>
  new Refusal('malformed_body', 'the body is neither JSON nor NDJSON of the documented shape');

/** One request's body on its way through {@link decodeBody}. */
class BodyDecoder {
  events: ReadEvent[] = [];
  sentAt: unknown;
  historical: unknown;
  #isBatch = false;
  readonly #body: Buffer;
  readonly #rules: BodyRules;

  constructor(body: Buffer, rules: BodyRules) {
    this.#body = body;
    this.#rules = rules;
    reader.scan.load(body);
  }

  decode(): void {
    const start = BYTE_ORDER_MARK.every((byte, index) => this.#body[index] === byte) ? 3 : 0;
    if (NDJSON.test(this.#rules.contentType ?? '')) this.#lines(start);
    else this.#json(reader.scan.space(start));
  }

  #json(start: number): void {
    const first = this.#body[start];
    if (first !== OPEN_ARRAY && first !== OPEN_OBJECT) throw malformed();
    const end = first === OPEN_ARRAY ? this.#array(start) : this.#object(start);
    if (end < 0) throw malformed();
    const next = reader.scan.space(end);
    if (next === this.#body.length) return;
    // One whole object on the first line and more below: NDJSON under another content type.
    const firstBreak = this.#body.indexOf(LINE_FEED, start);
    if (first !== OPEN_OBJECT || firstBreak < end || firstBreak > next) throw malformed();
    this.events = [];
    this.#lines(start);
  }

  /** A batch when the object has an array `events`, else one event. */
  #object(start: number): number {
    const { scan } = reader;
    let i = scan.space(start + 1);
    if (this.#body[i] === CLOSE_OBJECT) return this.#single(start);
    for (;;) {
      i = this.#member(i);
      if (i < 0) return -1;
      i = scan.space(i);
      if (this.#body[i] === CLOSE_OBJECT) return this.#isBatch ? i + 1 : this.#single(start);
      if (this.#body[i] !== COMMA) return -1;
      i = scan.space(i + 1);
    }
  }

  /** Takes the member of the body's object whose key is at `at`. Position after it, -1 when it is not JSON. */
  #member(at: number): number {
    const { scan } = reader;
    if (this.#body[at] !== QUOTE) return -1;
    const keyEnd = scan.string(at);
    if (keyEnd < 0) return -1;
    const key = keyEnd - at <= KEY_BYTES ? reader.string(at, keyEnd) : '';
    const colon = scan.space(keyEnd);
    return this.#body[colon] === COLON ? this.#memberValue(key, scan.space(colon + 1)) : -1;
  }

  /** Of equal keys the last counts. */
  #memberValue(key: string, value: number): number {
    const { scan } = reader;
    if (key === 'events') {
      this.events = [];
      this.#isBatch = this.#body[value] === OPEN_ARRAY;
      if (this.#isBatch) return this.#array(value);
    }
    const end = scan.value(value);
    if (end > 0 && end - value <= OPTION_BYTES) {
      if (key === 'sent_at') this.sentAt = JSON.parse(reader.text(value, end));
      if (key === 'historical') this.historical = JSON.parse(reader.text(value, end));
    }
    return end;
  }

  #single(start: number): number {
    this.events = [];
    this.sentAt = undefined;
    this.historical = undefined;
    return this.#element(start);
  }

  #array(start: number): number {
    const { scan } = reader;
    let i = scan.space(start + 1);
    if (this.#body[i] === CLOSE_ARRAY) return i + 1;
    for (;;) {
      i = this.#element(i);
      if (i < 0) return -1;
      i = scan.space(i);
      if (this.#body[i] === CLOSE_ARRAY) return i + 1;
      if (this.#body[i] !== COMMA) return -1;
      i = scan.space(i + 1);
    }
  }

  /** Lists the value at `start` as an event. Position after it, -1 when it is not JSON. */
  #element(start: number): number {
    const isObject = this.#body[start] === OPEN_OBJECT;
    const end = isObject ? reader.read(start) : reader.scan.value(start);
    if (end < 0) return -1;
    this.#list(isObject ? judgeEvent(reader, { start, end }, this.#rules) : unreadEvent({ start, end }, NOT_OBJECT));
    return end;
  }

  /** One event a line, blank lines allowed; of a line that is not JSON only that line is refused. */
  #lines(from: number): void {
    for (let lineStart = from; lineStart < this.#body.length;) {
      const found = this.#body.indexOf(LINE_FEED, lineStart);
      const lineEnd = found < 0 ? this.#body.length : found;
      // Cut off, so that an open bracket cannot make every line scan all the lines below it.
      reader.scan.endAt(lineEnd);
      const start = reader.scan.space(lineStart);
      if (start < lineEnd) this.#line(start, lineEnd);
      lineStart = lineEnd + 1;
    }
  }

  #line(start: number, lineEnd: number): void {
    const before = this.events.length;
    const end = this.#element(start);
    if (end >= 0 && reader.scan.space(end) === lineEnd) return;
    this.events.length = before;
    this.#list(unreadEvent({ start, end: lineEnd }, NOT_JSON));
  }

  #list(event: ReadEvent): void {
    const { events } = this.#rules.limits;
    if (this.events.length >= events) {
      throw new Refusal('too_many_events', `more than ${events} events in one request: split the batch`);
    }
    this.events.push(event);
  }
}

/**
 * Takes a request body apart: `{"events":[…], "sent_at"?, "historical"?}`, an array, one event, or NDJSON (by content type, or because
 * the first line is a whole object and more follows). Bad UTF-8 spoils only the events it is in. Builds no objects for what it reads:
 * memory is bounded by the body, whatever it nests.
 */
export function decodeBody(body: Buffer, rules: BodyRules): DecodedBody | RefusedBody {
  const decoder = new BodyDecoder(body, rules);
  try {
    decoder.decode();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, code: error.code, message: error.message };
  }
  const { events, sentAt, historical } = decoder;
  return { ok: true, events, sentAt, historical };
}
