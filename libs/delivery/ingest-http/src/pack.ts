import { packLines, RECORD_LIMITS, type LogRecord, type QuarantineEntry } from '@productgraph/contracts';
import type { Append } from '@productgraph/kernel';

/** An accepted event, ready for the log. */
export interface AcceptedEvent {
  /** Line of schema `events/1`. */
  readonly line: string;
  readonly partition: number;
  /** 8-byte hash of (project, event id). */
  readonly idHi: number;
  readonly idLo: number;
}

/** What all records of one request share. */
export interface RecordOrigin {
  readonly projectId: string;
  readonly receivedAt: number;
  readonly producer: string;
  readonly traceparent: string | undefined;
}

const minuteOf = (time: number): string => String(Math.floor(time / 60_000));

function eventsRecord(events: readonly AcceptedEvent[], origin: RecordOrigin): LogRecord {
  const ids = Buffer.allocUnsafe(events.length * 8);
  for (const [at, event] of events.entries()) {
    ids.writeUInt32BE(event.idHi, at * 8);
    ids.writeUInt32BE(event.idLo, at * 8 + 4);
  }
  return {
    schema: 'events/1',
    count: events.length,
    receivedAt: origin.receivedAt,
    ids,
    counts: { [origin.projectId]: { [minuteOf(origin.receivedAt)]: events.length } },
    ...(origin.traceparent !== undefined && { traceparent: origin.traceparent }),
    producer: origin.producer,
    payload: packLines(events.map((event) => event.line)),
  };
}

/** Cuts lines into groups within {@link RECORD_LIMITS}; a single longer line makes a group of its own. */
function* groups<T>(items: readonly T[], lengthOf: (item: T) => number): Generator<T[]> {
  let group: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const length = lengthOf(item);
    if (group.length > 0 && (group.length >= RECORD_LIMITS.lines || bytes + length > RECORD_LIMITS.bytes)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(item);
    bytes += length;
  }
  if (group.length > 0) yield group;
}

/** Accepted events as appends, one per partition, each event in the order of the request. */
export function packEvents(events: readonly AcceptedEvent[], origin: RecordOrigin): Append[] {
  const byPartition = new Map<number, AcceptedEvent[]>();
  for (const event of events) {
    const known = byPartition.get(event.partition);
    if (known === undefined) byPartition.set(event.partition, [event]);
    else known.push(event);
  }
  return [...byPartition].map(([partition, members]) => ({
    topic: 'events',
    partition,
    records: [...groups(members, (event) => event.line.length)].map((group) => eventsRecord(group, origin)),
  }));
}

/** Refused events as an append to topic `quarantine`; null when there are none. */
export function packQuarantine(
  entries: readonly QuarantineEntry[],
  origin: RecordOrigin,
  partition: number,
): Append | null {
  if (entries.length === 0) return null;
  const lines = entries.map((entry) => JSON.stringify(entry));
  const records = [...groups(lines, (line) => line.length)].map((group): LogRecord => ({
    schema: 'quarantine/1',
    count: group.length,
    receivedAt: origin.receivedAt,
    ids: new Uint8Array(),
    counts: {},
    ...(origin.traceparent !== undefined && { traceparent: origin.traceparent }),
    producer: origin.producer,
    payload: packLines(group),
  }));
  return { topic: 'quarantine', partition, records };
}
