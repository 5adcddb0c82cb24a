import type { QuarantineEntry, RecordCounts, SessionRow } from '@productgraph/contracts';
import { sha256Hex, unpackLines, uuidv7 } from '@productgraph/contracts';
import type { BlockEvent, DecodedEvent, EventDecoder, StoreBlock } from '@productgraph/domain-event';
import type { ConsumedRecord, GroupPartition, TaskBatch } from '@productgraph/kernel';

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
  readonly #partition: GroupPartition;

  constructor(partition: GroupPartition) {
    this.#partition = partition;
  }

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

  /** Lines of another schema; one that cannot be read goes to quarantine, so that nothing can hold a partition up. */
  addParsed(record: ConsumedRecord, add: (value: unknown) => void): void {
    for (const [line, parsed] of parseLines(record).entries()) {
      if (parsed.kind === 'ok') add(parsed.value);
      else this.#refuse(record, line, parsed);
    }
  }

  /** A line that cannot be decoded counts against the project that the record names (a record with several: the first). */
  #refuse(record: ConsumedRecord, line: number, refusal: Refused): void {
    const { topic, generation, partition } = this.#partition;
    const place = `${topic}.${generation} partition ${partition} offset ${record.offset}`;
    this.quarantine.push({
      // Made from the place in the log: a repeat of the block makes the same id.
      id: uuidv7(record.receivedAt, Buffer.from(sha256Hex(`${place} line ${line}`), 'hex')),
      projectId: Object.keys(record.counts)[0] ?? '',
      receivedAt: record.receivedAt,
      stage: 'decode',
      code: refusal.reason,
      message: refusal.message,
      eventId: null,
      payload: refusal.line.slice(0, PAYLOAD_CHARACTERS),
      position: line,
      source: place,
      traceId: record.traceparent?.split('-')[1] ?? null,
    });
  }
}

/** Of a line that cannot be read, so much is kept. */
const PAYLOAD_CHARACTERS = 100 * 1024;

type Refused = Extract<DecodedEvent, { kind: 'quarantine' }>;
type Parsed<T> = { readonly kind: 'ok'; readonly value: T } | Refused;

function attempt<T>(work: () => T, line: string): Parsed<T> {
  try {
    return { kind: 'ok', value: work() };
  } catch (error) {
    return {
      kind: 'quarantine',
      reason: 'malformed_body',
      message: error instanceof Error ? error.message : String(error),
      line,
    };
  }
}

function parseLines(record: ConsumedRecord): Parsed<unknown>[] {
  const lines = attempt(() => unpackLines(record.payload), '');
  if (lines.kind === 'quarantine') return [lines];
  return lines.value.map((line) => attempt(() => JSON.parse(line) as unknown, line));
}

/** The batch as one store block: events without duplicates, session rows, quarantine entries, counts for the ledger. */
export function toBlock(batch: TaskBatch, decode: EventDecoder): StoreBlock {
  const contents = new BlockContents(batch.partition);
  for (const [at, record] of batch.records.entries()) {
    if (record.schema === 'events/1') contents.addEvents(record, decode(record), (line) => batch.isDuplicate(at, line));
    else if (record.schema === 'sessions/1')
      contents.addParsed(record, (row) => contents.sessions.push(row as SessionRow));
    else if (record.schema === 'quarantine/1')
      contents.addParsed(record, (entry) => contents.quarantine.push(entry as QuarantineEntry));
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
