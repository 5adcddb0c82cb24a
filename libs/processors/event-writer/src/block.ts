import type { QuarantineEntry, RecordCounts, SessionRow } from '@productgraph/contracts';
import { unpackLines, uuidv7 } from '@productgraph/contracts';
import type { BlockEvent, DecodedEvent, EventDecoder, StoreBlock } from '@productgraph/domain-event';
import type { ConsumedRecord, TaskBatch } from '@productgraph/kernel';

type MutableCounts = Record<string, Record<string, number>>;

function add(minutes: Record<string, number>, minute: string, n: number): void {
  minutes[minute] = (minutes[minute] ?? 0) + n;
}

function addAll(counts: MutableCounts, more: RecordCounts): void {
  for (const [projectId, minutes] of Object.entries(more)) {
    for (const [minute, n] of Object.entries(minutes)) add((counts[projectId] ??= {}), minute, n);
  }
}

const minuteOf = (receivedAt: number): string => String(Math.floor(receivedAt / 60_000));

/** What is gathered while walking over a batch. */
class BlockContents {
  readonly events: BlockEvent[] = [];
  readonly sessions: SessionRow[] = [];
  readonly quarantine: QuarantineEntry[] = [];
  readonly accepted: MutableCounts = {};
  readonly duplicates: MutableCounts = {};

  /** `isDuplicate` is asked per line; a duplicate is counted and left out. */
  addEvents(record: ConsumedRecord, lines: readonly DecodedEvent[], isDuplicate: (line: number) => boolean): void {
    addAll(this.accepted, record.counts);
    for (const [line, decoded] of lines.entries()) {
      if (decoded.kind === 'quarantine') this.#refuse(record, line, decoded);
      else if (isDuplicate(line)) this.#countDuplicate(decoded.value);
      else this.events.push({ event: decoded.value, offset: record.offset });
    }
  }

  #countDuplicate({ projectId, receivedAt }: { projectId: string; receivedAt: number }): void {
    add((this.duplicates[projectId] ??= {}), minuteOf(receivedAt), 1);
  }

  /** A line that cannot be decoded counts against the project that the record names (a record with several: the first). */
  #refuse(record: ConsumedRecord, line: number, refusal: Extract<DecodedEvent, { kind: 'quarantine' }>): void {
    this.quarantine.push({
      // Made from the place in the log: a repeat of the block makes the same id.
      id: uuidv7(record.receivedAt, placeBytes(record.offset, line)),
      projectId: Object.keys(record.counts)[0] ?? '',
      receivedAt: record.receivedAt,
      stage: 'decode',
      code: refusal.reason,
      message: refusal.message,
      eventId: null,
      payload: refusal.line,
      position: line,
      source: `log offset ${String(record.offset)}`,
      traceId: record.traceparent?.split('-')[1] ?? null,
    });
  }
}

function placeBytes(offset: number, line: number): Uint8Array {
  const bytes = Buffer.alloc(10);
  bytes.writeBigUInt64BE(BigInt(offset), 0);
  bytes.writeUInt16BE(line & 0xffff, 8);
  return bytes;
}

const parseLines = <T>(record: ConsumedRecord): T[] => unpackLines(record.payload).map((line) => JSON.parse(line) as T);

/** The batch as one store block: events without duplicates, session rows, quarantine entries, counts for the ledger. */
export function toBlock(batch: TaskBatch, decode: EventDecoder): StoreBlock {
  const contents = new BlockContents();
  for (const [at, record] of batch.records.entries()) {
    if (record.schema === 'events/1') contents.addEvents(record, decode(record), (line) => batch.isDuplicate(at, line));
    else if (record.schema === 'sessions/1') contents.sessions.push(...parseLines<SessionRow>(record));
    else if (record.schema === 'quarantine/1') contents.quarantine.push(...parseLines<QuarantineEntry>(record));
    // control/1 records steer processors; there is nothing of them to store.
  }
  const { events, sessions, quarantine, accepted, duplicates } = contents;
  return {
    partition: batch.partition,
    first: batch.records[0]?.offset ?? batch.position.next,
    last: batch.position.next - 1,
    windowStart: batch.position.windowStart,
    time: batch.position.time,
    events,
    sessions,
    quarantine,
    accepted,
    duplicates,
  };
}
