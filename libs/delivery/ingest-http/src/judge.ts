import {
  EVENT_FLAGS,
  hashersOf,
  partitionOfHash,
  uuidv7,
  type ErrorCode,
  type Hash64,
  type IngestAnswer,
  type LineEvent,
  type ProjectHashers,
  type QuarantineEntry,
} from '@productgraph/contracts';
import { placeInTime, type BatchTimes, type ReadEvent, type ReadId } from '@productgraph/domain-event';
import type { IdSet } from './id-set.ts';

/** An accepted event, ready for the log; its hash is of (project, event id). One flat object: events are many. */
export interface AcceptedEvent extends LineEvent, Hash64 {
  readonly partition: number;
}

/** What judging one request needs besides its body. */
export interface JudgeContext {
  readonly projectId: string;
  readonly partitions: number;
  readonly times: BatchTimes;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  /** For the event ids of this request; serves one after the other. */
  readonly seen: IdSet;
}

/** Every event's verdict: accepted ones ready for the log, refused ones for quarantine, and the answer. */
export interface Judgement {
  readonly accepted: readonly AcceptedEvent[];
  readonly quarantine: readonly QuarantineEntry[];
  readonly answer: IngestAnswer;
}

interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Of a refused event's bytes, so much is kept. */
const QUARANTINE_BYTES = 100 * 1024;

const EXPIRED: Fault = {
  code: 'timestamp_out_of_range',
  message: "the event is older than the project's retention (and not historical), or from before 2000",
};

/** One request on its way. */
class Judge {
  readonly accepted: AcceptedEvent[] = [];
  readonly quarantine: QuarantineEntry[] = [];
  readonly answer: IngestAnswer = { accepted: 0, rejected: 0, errors: [] };
  readonly #body: Buffer;
  readonly #context: JudgeContext;
  readonly #hashers: ProjectHashers;
  #duplicates = 0;
  #future = 0;
  #unknownKeys = 0;

  /** @param events how many events will come at most */
  constructor(body: Buffer, context: JudgeContext, events: number) {
    this.#body = body;
    this.#context = context;
    this.#hashers = hashersOf(context.projectId);
    context.seen.clear(events);
  }

  event(event: ReadEvent, index: number): void {
    const place = placeInTime(event.sent, this.#context.times);
    if (event.fault !== null || place.timestamp === null) {
      this.#refuse(event, index, event.fault ?? EXPIRED);
      return;
    }
    const id = event.id ?? uuidv7(this.#context.times.receivedAt);
    const hash = this.#hashOf(id);
    // Equal hashes are taken for equal ids here as everywhere behind the log.
    if (!this.#context.seen.add(hash)) {
      this.#duplicates++;
      return;
    }
    const { timestamp } = place;
    const flags = event.isBot ? place.flags | EVENT_FLAGS.bot : place.flags;
    const { start, end, hasBreaks, unknownKeys } = event;
    if ((flags & EVENT_FLAGS.future) !== 0) this.#future++;
    this.#unknownKeys += unknownKeys;
    const partition = this.#partitionOf(event);
    const { hi, lo } = hash;
    this.accepted.push({ body: this.#body, start, end, hasBreaks, id, timestamp, flags, partition, hi, lo });
  }

  finish(): Judgement {
    const { answer, accepted, quarantine } = this;
    answer.accepted = accepted.length;
    answer.rejected = quarantine.length;
    if (this.#duplicates > 0) answer.duplicate = this.#duplicates;
    const warnings = this.#warnings();
    if (warnings.length > 0) answer.warnings = warnings;
    return { accepted, quarantine, answer };
  }

  #hashOf(id: ReadId | string): Hash64 {
    const { text } = this.#hashers;
    if (typeof id === 'string') return text.hash(id);
    return id.text === null ? text.hashBytes(this.#body, id.start + 1, id.end - 1) : text.hash(id.text);
  }

  #partitionOf({ identity }: ReadEvent): number {
    if (identity === null) throw new Error('An accepted event has an identity');
    const { kind, start, end, text } = identity;
    const hasher = this.#hashers[kind];
    const hash = text === null ? hasher.hashBytes(this.#body, start, end) : hasher.hash(text);
    return partitionOfHash(hash, this.#context.partitions);
  }

  #refuse(event: ReadEvent, index: number, { code, message }: Fault): void {
    const { projectId, times, requestId, traceparent } = this.#context;
    const { id } = event;
    const eventId = id === null ? null : (id.text ?? this.#body.toString('utf8', id.start + 1, id.end - 1));
    this.answer.errors.push({ index, event_id: eventId, code, message });
    this.quarantine.push({
      id: uuidv7(times.receivedAt),
      projectId,
      receivedAt: times.receivedAt,
      stage: 'ingest',
      code,
      message,
      eventId,
      payload: this.#body.toString('utf8', event.start, Math.min(event.end, event.start + QUARANTINE_BYTES)),
      position: index,
      source: requestId,
      traceId: traceparent?.split('-')[1] ?? null,
    });
  }

  #warnings(): NonNullable<IngestAnswer['warnings']> {
    const all = [
      {
        code: 'unknown_fields',
        count: this.#unknownKeys,
        message: 'Unknown top-level fields were moved into properties.',
      },
      {
        code: 'future_timestamp',
        count: this.#future,
        message: 'Times more than 23 h ahead were replaced by the time of receipt.',
      },
    ];
    return all.filter(({ count }) => count > 0);
  }
}

/** Judges every event by itself: one that is refused never takes its neighbours along. */
export function judgeEvents(body: Buffer, events: readonly ReadEvent[], context: JudgeContext): Judgement {
  const judge = new Judge(body, context, events.length);
  for (const [index, event] of events.entries()) judge.event(event, index);
  return judge.finish();
}
