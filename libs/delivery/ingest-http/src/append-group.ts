import {
  EventLineWriter,
  type LogRecord,
  packLines,
  type QuarantineEntry,
  RECORD_LIMITS,
} from '@productgraph/contracts';
import type { Append } from '@productgraph/kernel';
import type { AcceptedEvent } from './judge.ts';
import type { OpenRecord, RequestOrigin } from './open-record.ts';

/** What groups share: the name of the process, how payloads are packed, and records to fill. */
export interface RecordSupply {
  readonly producer: string;
  pack(ndjson: Uint8Array): Uint8Array;
  /** An empty record. */
  take(): OpenRecord;
  /** A sealed record, to serve again. */
  giveBack(record: OpenRecord): void;
}

interface MutableAppend extends Append {
  readonly records: LogRecord[];
}

/** Cuts lines into groups within {@link RECORD_LIMITS}; a single longer line makes a group of its own. */
function* cut(lines: readonly string[]): Generator<string[]> {
  let group: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (group.length > 0 && (group.length >= RECORD_LIMITS.lines || bytes + line.length > RECORD_LIMITS.bytes)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(line);
    bytes += line.length;
  }
  if (group.length > 0) yield group;
}

/** Records on their way into the log in one append: those of all requests that came at about the same time. */
export class AppendGroup {
  /** Accepted events so far, and their bytes as sent. */
  events = 0;
  bytes = 0;
  readonly #supply: RecordSupply;
  readonly #open: (OpenRecord | undefined)[] = [];
  readonly #appends = new Map<string, MutableAppend>();

  constructor(supply: RecordSupply) {
    this.#supply = supply;
  }

  /** Begins a request: everything for it has to be added before the next one begins. */
  begin(origin: RequestOrigin): RequestLines {
    return new RequestLines(this, origin);
  }

  /** A record of the partition with room for an event of so many bytes. */
  recordFor(partition: number, eventBytes: number): OpenRecord {
    this.events++;
    this.bytes += eventBytes;
    const open = this.#open[partition];
    if (open?.hasRoom(eventBytes) === true) return open;
    if (open !== undefined) this.#seal(partition, open);
    return (this.#open[partition] = this.#supply.take());
  }

  /** Adds refused events to topic `quarantine`. */
  refuse(entries: readonly QuarantineEntry[], origin: RequestOrigin, partition: number): void {
    if (entries.length === 0) return;
    const { receivedAt, traceparent } = origin;
    const { records } = this.#append('quarantine', partition);
    for (const lines of cut(entries.map((entry) => JSON.stringify(entry)))) {
      records.push({
        schema: 'quarantine/1',
        count: lines.length,
        receivedAt,
        ids: new Uint8Array(),
        // Counted by the event-writer when it stores them.
        counts: {},
        ...(traceparent !== undefined && { traceparent }),
        producer: this.#supply.producer,
        payload: packLines(lines),
      });
    }
  }

  /** Everything that was added, for one append; nothing may be added any more. */
  seal(): Append[] {
    for (const [partition, record] of this.#open.entries()) if (record !== undefined) this.#seal(partition, record);
    this.#open.length = 0;
    return [...this.#appends.values()];
  }

  #seal(partition: number, record: OpenRecord): void {
    const { producer } = this.#supply;
    this.#append('events', partition).records.push(record.seal(producer, (bytes) => this.#supply.pack(bytes)));
    this.#supply.giveBack(record);
  }

  #append(topic: 'events' | 'quarantine', partition: number): MutableAppend {
    const key = `${topic}:${partition}`;
    let append = this.#appends.get(key);
    if (append === undefined) this.#appends.set(key, (append = { topic, partition, records: [] }));
    return append;
  }
}

/** The accepted events of one request on their way into a group. */
export class RequestLines {
  readonly #group: AppendGroup;
  readonly #origin: RequestOrigin;
  readonly #writer: EventLineWriter;

  constructor(group: AppendGroup, origin: RequestOrigin) {
    this.#group = group;
    this.#origin = origin;
    this.#writer = new EventLineWriter(origin);
  }

  add(event: AcceptedEvent): void {
    const record = this.#group.recordFor(event.partition, event.end - event.start);
    record.begin(this.#origin);
    record.add(this.#writer, event);
  }
}
