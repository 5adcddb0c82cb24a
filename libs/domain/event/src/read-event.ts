import { EVENT_TYPES, type IngestLimits } from '@productgraph/contracts';
import type { BotCheck } from './bots.ts';
import { type Fault, fieldFault, isCustom, numberAt } from './event-checks.ts';
import type { EventReader, Span } from './event-reader.ts';
import { SLOT } from './fields.ts';
import { isPlainRealId, realId } from './identity.ts';
import { parseIsoBytes, parseTimestamp } from './timestamp.ts';

/** What events are read by. */
export interface ReadRules {
  readonly limits: IngestLimits;
  /** See {@link createBotCheck}. */
  readonly isBot: BotCheck;
}

/** The id that the event's user key comes from. */
export interface ReadIdentity extends Span {
  readonly kind: 'user' | 'anonymous' | 'session';
  /** Null when the bytes of the span (inside the quotes) are the id's UTF-8 text as it stands. */
  readonly text: string | null;
}

/** The client's event id: the span of its JSON string, quotes included. */
export interface ReadId extends Span {
  /** Null when the bytes inside the quotes are the id's UTF-8 text as it stands. */
  readonly text: string | null;
}

/** An event as found in a body: where its bytes are, what is wrong with it, what the envelope needs. Spans are offsets in the body. */
export interface ReadEvent extends Span {
  /** Why it may not be stored; its time has not been looked at yet. */
  readonly fault: Fault | null;
  /** Null = the client sent none, or none that may be quoted. */
  readonly id: ReadId | null;
  /** Never null without a fault. */
  readonly identity: ReadIdentity | null;
  /** The client's time, Unix milliseconds; null = it sent none. */
  readonly sent: number | null;
  readonly isBot: boolean;
  /** Keys that are no field and move into properties. */
  readonly unknownKeys: number;
  /** The event's text holds line feeds (as white space). */
  readonly hasBreaks: boolean;
}

const QUOTE = 34;
const utf8 = new TextDecoder('utf-8', { fatal: true });

const IDENTITIES: readonly { readonly kind: ReadIdentity['kind']; readonly slot: number }[] = [
  { kind: 'user', slot: SLOT['user.id'] },
  { kind: 'anonymous', slot: SLOT['anonymous.id'] },
  { kind: 'session', slot: SLOT['session.id'] },
];

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Fault of the event's text as a whole. */
function textFault(reader: EventReader, { start, end }: Span, limits: IngestLimits): Fault | null {
  const { bytes, hasBadText, stringBits } = reader.scan;
  if (end - start > limits.eventBytes) {
    return { code: 'event_too_large', message: `the event is larger than ${limits.eventBytes} bytes` };
  }
  if (hasBadText) return { code: 'invalid_text', message: 'a string holds U+0000 or half of a surrogate pair' };
  if (stringBits < 128 || isUtf8(bytes.subarray(start, end))) return null;
  return { code: 'invalid_text', message: 'the event is not UTF-8' };
}

/** The first of the three ids that is there and no placeholder. */
function identityOf(reader: EventReader): ReadIdentity | null {
  for (const { kind, slot } of IDENTITIES) {
    if (!reader.has(slot)) continue;
    const start = (reader.starts[slot] ?? 0) + 1;
    const end = (reader.ends[slot] ?? 0) - 1;
    const isPlain = reader.escaped[slot] === 0;
    if (isPlain && isPlainRealId(reader.scan.bytes, start, end)) return { kind, start, end, text: null };
    const text = realId(reader.string(start - 1, end + 1));
    if (text !== null) return { kind, start, end, text };
  }
  return null;
}

/** The user agent that the event itself names, in either spelling. */
export function userAgentOf(reader: EventReader): string | null {
  for (let word = 0; word < 2; word++) {
    const start = reader.contextStarts[word] ?? 0;
    if (start > 0 && reader.scan.bytes[start] === QUOTE) return reader.string(start, reader.contextEnds[word] ?? 0);
  }
  return null;
}

/** Whether the event names a bot as its user agent; a context that keeps coming keeps its verdict. */
function isFromBot(reader: EventReader, { isBot }: ReadRules): boolean {
  const { knownContext, lastBot } = reader;
  if (knownContext !== null && lastBot.context === knownContext && lastBot.by === isBot) return lastBot.verdict;
  const userAgent = userAgentOf(reader);
  const verdict = userAgent !== null && isBot(userAgent);
  reader.lastBot = { context: knownContext, by: isBot, verdict };
  return verdict;
}

/** The client's time, Unix milliseconds; null = none, NaN = not a time. */
export function timeOf(reader: EventReader): number | null {
  const slot = SLOT['event.timestamp'];
  if (!reader.has(slot)) return null;
  const start = reader.starts[slot] ?? 0;
  const end = reader.ends[slot] ?? 0;
  if (reader.scan.bytes[start] !== QUOTE) return parseTimestamp(numberAt(reader, slot));
  if (reader.escaped[slot] === 1) return parseTimestamp(reader.string(start, end));
  return parseIsoBytes(reader.scan.bytes, start + 1, end - 1);
}

const MISSING_TYPE = `event.type is missing: one of ${EVENT_TYPES.join(', ')}`;

/** Fault that needs more than one field, or an understanding of one. */
function joinedFault(reader: EventReader, identity: ReadIdentity | null, sent: number | null): Fault | null {
  const name = SLOT['event.name'];
  if (!reader.has(SLOT['event.type'])) return { code: 'invalid_type', message: MISSING_TYPE };
  if (isCustom(reader) && (!reader.has(name) || (reader.ends[name] ?? 0) - (reader.starts[name] ?? 0) === 2)) {
    return { code: 'missing_name', message: 'event.name is required when event.type is custom' };
  }
  if (identity === null) {
    const message = 'none of user.id, anonymous.id, session.id is present; placeholders count as absent';
    return { code: 'missing_identity', message };
  }
  if (!Number.isNaN(sent)) return null;
  return { code: 'invalid_timestamp', message: 'event.timestamp is neither ISO 8601 nor epoch milliseconds' };
}

/** The client's id: valid, or at least short enough to be quoted. */
function quotableId(reader: EventReader, limits: IngestLimits): ReadId | null {
  const slot = SLOT.event_id;
  const start = reader.starts[slot] ?? 0;
  const end = reader.ends[slot] ?? 0;
  // An escape makes at most six bytes of a character.
  const isLong = end - start > limits.idLength * 6 + 2;
  if (!reader.has(slot) || reader.scan.bytes[start] !== QUOTE || isLong) return null;
  return { start, end, text: reader.escaped[slot] === 1 ? reader.string(start, end) : null };
}

/** An event of which nothing but its place is known. */
export function unreadEvent({ start, end }: Span, fault: Fault, id: ReadId | null = null): ReadEvent {
  return { start, end, fault, id, identity: null, sent: null, isBot: false, unknownKeys: 0, hasBreaks: false };
}

/** Judges the event that `reader` has just read: everything but its place in time. */
export function judgeEvent(reader: EventReader, span: Span, rules: ReadRules): ReadEvent {
  const { limits } = rules;
  const broken = textFault(reader, span, limits);
  if (broken !== null) return unreadEvent(span, broken);
  const id = quotableId(reader, limits);
  const wrong = fieldFault(reader, limits);
  if (wrong !== null) return unreadEvent(span, wrong, id);
  const identity = identityOf(reader);
  const sent = timeOf(reader);
  const fault = joinedFault(reader, identity, sent);
  const isBot = isFromBot(reader, rules);
  const { start, end } = span;
  const { hasBreaks } = reader.scan;
  return { start, end, fault, id, identity, sent, isBot, unknownKeys: reader.unknown.length, hasBreaks };
}
