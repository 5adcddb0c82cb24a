import {
  eventIdHash,
  EVENT_FLAGS,
  partitionOfIdentity,
  uuidv7,
  type ErrorCode,
  type Identity,
  type IngestAnswer,
  type QuarantineEntry,
} from '@productgraph/contracts';
import { placeInTime, type BatchTimes, type ReadEvent } from '@productgraph/domain-event';
import type { AcceptedEvent } from './pack.ts';

/** What judging one request needs besides its body. */
export interface JudgeContext {
  readonly projectId: string;
  readonly partitions: number;
  readonly times: BatchTimes;
  readonly requestId: string;
  readonly traceparent: string | undefined;
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
  /** Begin and end of an envelope that all events of the request share. */
  readonly #lineHead: string;
  readonly #lineTail: string;
  readonly #seen = new Set<string>();
  #duplicates = 0;
  #future = 0;
  #unknownKeys = 0;

  constructor(body: Buffer, context: JudgeContext) {
    this.#body = body;
    this.#context = context;
    this.#lineHead = `[["${context.projectId}",`;
    this.#lineTail = `,0,${String(context.times.sentAt)}],`;
  }

  event(event: ReadEvent, index: number): void {
    const { times } = this.#context;
    const place = placeInTime(event.sent, times);
    const { timestamp } = place;
    if (event.fault !== null || timestamp === null) {
      this.#refuse(event, index, event.fault ?? EXPIRED);
      return;
    }
    const id = this.#eventId(event);
    if (this.#seen.has(id.text)) {
      this.#duplicates++;
      return;
    }
    this.#seen.add(id.text);
    if ((place.flags & EVENT_FLAGS.future) !== 0) this.#future++;
    this.#unknownKeys += event.unknownKeys;
    this.#accept(event, {
      id,
      timestamp,
      flags: event.isBot ? place.flags | EVENT_FLAGS.bot : place.flags,
    });
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

  #accept(event: ReadEvent, { id, timestamp, flags }: { id: EventId; timestamp: number; flags: number }): void {
    const { projectId, partitions, times } = this.#context;
    const sent = this.#body.toString('utf8', event.start, event.end);
    // A line break outside of strings is white space; inside of them JSON has none.
    const text = event.hasBreaks ? sent.replaceAll(/[\r\n]/g, ' ') : sent;
    const { hi, lo } = eventIdHash(projectId, id.text);
    this.accepted.push({
      line: `${this.#lineHead}${id.json},${times.receivedAt},${timestamp},${flags}${this.#lineTail}${text}]`,
      partition: partitionOfIdentity(projectId, this.#identity(event), partitions),
      idHi: hi,
      idLo: lo,
    });
  }

  #eventId(event: ReadEvent): EventId {
    if (event.id === null) {
      const text = uuidv7(this.#context.times.receivedAt);
      return { text, json: `"${text}"` };
    }
    const json = this.#body.toString('utf8', event.id.start, event.id.end);
    return { json, text: json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1) };
  }

  #identity({ identity }: ReadEvent): Identity {
    if (identity === null) throw new Error('An accepted event has an identity');
    const id = identity.text ?? this.#body.toString('utf8', identity.start, identity.end);
    return {
      userId: identity.kind === 'user' ? id : null,
      anonymousId: identity.kind === 'anonymous' ? id : null,
      sessionId: identity.kind === 'session' ? id : null,
    };
  }

  #refuse(event: ReadEvent, index: number, { code, message }: Fault): void {
    const { projectId, times, requestId, traceparent } = this.#context;
    const eventId = event.id === null ? null : this.#eventId(event).text;
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

interface EventId {
  readonly text: string;
  /** As JSON, quotes included. */
  readonly json: string;
}

/** Judges every event by itself: one that is refused never takes its neighbours along. */
export function judgeEvents(body: Buffer, events: readonly ReadEvent[], context: JudgeContext): Judgement {
  const judge = new Judge(body, context);
  for (const [index, event] of events.entries()) judge.event(event, index);
  return judge.finish();
}
