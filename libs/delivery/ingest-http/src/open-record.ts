import {
  type EventLineWriter,
  type Hash64,
  type LineBatch,
  type LineEvent,
  type LogRecord,
  MAX_ENVELOPE_BYTES,
  RECORD_LIMITS,
} from '@productgraph/contracts';

/** Whose events are being added: one request's. */
export interface RequestOrigin extends LineBatch {
  readonly traceparent: string | undefined;
}

const ID_BYTES = 8;
const MINUTE_MS = 60_000;

/** A record of one partition while events are added to it. Its buffers serve again after {@link seal}. */
export class OpenRecord {
  readonly #lines = Buffer.allocUnsafeSlow(RECORD_LIMITS.bytes);
  readonly #ids = Buffer.allocUnsafeSlow(RECORD_LIMITS.lines * ID_BYTES);
  readonly #hashes = new DataView(this.#ids.buffer);
  #bytes = 0;
  #count = 0;
  #receivedAt = 0;
  #traceparent: string | undefined;
  #counts: Record<string, Record<string, number>> = {};
  /** The request whose events are coming. */
  #origin: RequestOrigin | null = null;
  /** Events of the present project and minute that are not in `#counts` yet. */
  #uncounted = 0;
  #projectId = '';
  #minute = 0;

  get count(): number {
    return this.#count;
  }

  /** Whether an event of so many bytes (at most 100 KB) still fits; into an empty record it always does. */
  hasRoom(eventBytes: number): boolean {
    return this.#count < RECORD_LIMITS.lines && this.#bytes + eventBytes + MAX_ENVELOPE_BYTES <= RECORD_LIMITS.bytes;
  }

  /** Says whose events come next. */
  begin(origin: RequestOrigin): void {
    if (origin === this.#origin) return;
    this.#origin = origin;
    const minute = Math.floor(origin.receivedAt / MINUTE_MS);
    if (minute !== this.#minute || origin.projectId !== this.#projectId) {
      this.#countUp();
      this.#projectId = origin.projectId;
      this.#minute = minute;
    }
    this.#receivedAt = Math.max(this.#receivedAt, origin.receivedAt);
    if (this.#count === 0) this.#traceparent = origin.traceparent;
  }

  /** Adds an event, for which there must be room. */
  add(writer: EventLineWriter, event: LineEvent & Hash64): void {
    this.#bytes = writer.write(this.#lines, this.#bytes, event);
    this.#hashes.setUint32(this.#count * ID_BYTES, event.hi);
    this.#hashes.setUint32(this.#count * ID_BYTES + 4, event.lo);
    this.#count++;
    this.#uncounted++;
  }

  /** The record, and an empty one to go on with. */
  seal(producer: string, pack: (ndjson: Uint8Array) => Uint8Array): LogRecord {
    this.#countUp();
    const record: LogRecord = {
      schema: 'events/1',
      count: this.#count,
      receivedAt: this.#receivedAt,
      ids: new Uint8Array(this.#ids.subarray(0, this.#count * ID_BYTES)),
      counts: this.#counts,
      ...(this.#traceparent !== undefined && { traceparent: this.#traceparent }),
      producer,
      // Without the last line feed.
      payload: pack(this.#lines.subarray(0, this.#bytes - 1)),
    };
    this.#bytes = 0;
    this.#count = 0;
    this.#receivedAt = 0;
    this.#traceparent = undefined;
    this.#counts = {};
    this.#origin = null;
    return record;
  }

  #countUp(): void {
    if (this.#uncounted === 0) return;
    const minutes = (this.#counts[this.#projectId] ??= {});
    minutes[this.#minute] = (minutes[this.#minute] ?? 0) + this.#uncounted;
    this.#uncounted = 0;
  }
}
