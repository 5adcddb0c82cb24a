import { type ErrorCode, EVENT_TYPES, type IngestLimits } from '@productgraph/contracts';
import type { EventReader } from './event-reader.ts';
import { FIELDS, type FieldKind, SLOT } from './fields.ts';
import { WordTable } from './word-table.ts';

/** Why an event may not be stored. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Null when the value of that slot may stand there. */
type Check = (reader: EventReader, slot: number, limits: IngestLimits) => ErrorCode | null;

const QUOTE = 34;
const OPEN_OBJECT = 123;
const TIMESTAMP_LENGTH = 64;
const SMALLINT = 32_767;
const types = new WordTable(EVENT_TYPES);

const firstByte = (reader: EventReader, slot: number): number => reader.scan.bytes[reader.starts[slot] ?? 0] ?? 0;

/** Value of a number written as up to 15 plain digits, -1 for everything else. */
function plainInteger(reader: EventReader, slot: number): number {
  const { bytes } = reader.scan;
  const start = reader.starts[slot] ?? 0;
  const end = reader.ends[slot] ?? 0;
  if (end - start > 15) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The number of that slot; undefined = it is none. */
export function numberAt(reader: EventReader, slot: number): number | undefined {
  const plain = plainInteger(reader, slot);
  if (plain >= 0) return plain;
  const value = parse(reader, slot);
  return typeof value === 'number' ? value : undefined;
}

/** Parsed value; only for the rarer kinds, or where the bytes leave a question open. */
function parse(reader: EventReader, slot: number): unknown {
  return JSON.parse(reader.text(reader.starts[slot] ?? 0, reader.ends[slot] ?? 0));
}

/** Characters of a string; escapes and UTF-8 make the bytes more, never fewer. */
function isLonger(reader: EventReader, slot: number, longest: number): boolean {
  const bytes = (reader.ends[slot] ?? 0) - (reader.starts[slot] ?? 0) - 2;
  return bytes > longest && (parse(reader, slot) as string).length > longest;
}

function string(reader: EventReader, slot: number, longest: number): ErrorCode | null {
  if (firstByte(reader, slot) !== QUOTE) return 'invalid_event';
  return isLonger(reader, slot, longest) ? 'field_too_long' : null;
}

const eventId: Check = (reader, slot, limits) => {
  const isEmpty = (reader.ends[slot] ?? 0) - (reader.starts[slot] ?? 0) === 2;
  return isEmpty || string(reader, slot, limits.idLength) !== null ? 'invalid_event_id' : null;
};

const TYPE = SLOT['event.type'];
const CUSTOM = EVENT_TYPES.indexOf('custom');

/** True when the event's type, which has passed its check, is `custom`. */
export function isCustom(reader: EventReader): boolean {
  if (reader.escaped[TYPE] === 1) return parse(reader, TYPE) === 'custom';
  return types.match(CUSTOM, reader.scan.bytes, (reader.starts[TYPE] ?? 0) + 1) === (reader.ends[TYPE] ?? 0) - 1;
}

const type: Check = (reader, slot) => {
  if (firstByte(reader, slot) !== QUOTE) return 'invalid_type';
  if (types.find(reader.scan.bytes, (reader.starts[slot] ?? 0) + 1, (reader.ends[slot] ?? 0) - 1) >= 0) return null;
  return (EVENT_TYPES as readonly unknown[]).includes(parse(reader, slot)) ? null : 'invalid_type';
};

const timestamp: Check = (reader, slot) => {
  if (firstByte(reader, slot) === QUOTE) return isLonger(reader, slot, TIMESTAMP_LENGTH) ? 'invalid_timestamp' : null;
  return numberAt(reader, slot) === undefined ? 'invalid_timestamp' : null;
};

function number(reader: EventReader, slot: number, largest: number): ErrorCode | null {
  const value = numberAt(reader, slot) ?? -1;
  return value >= 0 && value <= largest ? null : 'invalid_event';
}

function integer(reader: EventReader, slot: number, largest: number): ErrorCode | null {
  const value = numberAt(reader, slot) ?? -1;
  return value >= 0 && value <= largest && Number.isInteger(value) ? null : 'invalid_event';
}

const nested: Check = (reader, slot, limits) =>
  (reader.depths[slot] ?? 0) > limits.depth || (reader.keyCounts[slot] ?? 0) > limits.keys
    ? 'properties_too_deep'
    : null;

const object: Check = (reader, slot, limits) =>
  firstByte(reader, slot) === OPEN_OBJECT ? nested(reader, slot, limits) : 'invalid_event';

const groups: Check = (reader, slot, limits) => {
  const code = object(reader, slot, limits);
  if (code !== null) return code;
  for (const key of Object.values(parse(reader, slot) as Readonly<Record<string, unknown>>)) {
    if (key !== null && typeof key !== 'string') return 'invalid_event';
    if (key !== null && key.length > limits.idLength) return 'field_too_long';
  }
  return null;
};

const CHECKS: Readonly<Record<FieldKind, Check>> = {
  eventId,
  type,
  timestamp,
  id: (reader, slot, limits) => string(reader, slot, limits.idLength),
  text: (reader, slot, limits) => string(reader, slot, limits.textLength),
  sequence: (reader, slot) => integer(reader, slot, Number.MAX_SAFE_INTEGER),
  status: (reader, slot) => integer(reader, slot, SMALLINT),
  milliseconds: (reader, slot) => number(reader, slot, Number.MAX_VALUE),
  // A string was not scanned as something that nests: its depth is of an event before.
  json: (reader, slot, limits) => (firstByte(reader, slot) === QUOTE ? null : nested(reader, slot, limits)),
  object,
  groups,
};

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  invalid_type: `is none of ${EVENT_TYPES.join(', ')}`,
  invalid_event_id: 'must be a string of 1 to 200 characters',
  invalid_timestamp: 'is neither ISO 8601 nor epoch milliseconds',
  field_too_long: 'is longer than allowed',
  properties_too_deep: 'nests too deeply or holds too many keys',
};

const slotChecks = FIELDS.map(({ kind }) => CHECKS[kind]);
/** Which limit bounds the field when it is a plain string: nothing more is to be checked then. */
const STRING_LIMITS = FIELDS.map(({ kind }) => (kind === 'id' ? 'idLength' : kind === 'text' ? 'textLength' : null));

/** True for a string that is short enough even if every byte were a character. */
function isShortString(reader: EventReader, slot: number, limits: IngestLimits): boolean {
  const limit = STRING_LIMITS[slot] ?? null;
  if (limit === null || firstByte(reader, slot) !== QUOTE) return false;
  return (reader.ends[slot] ?? 0) - (reader.starts[slot] ?? 0) - 2 <= limits[limit];
}

function slotFault(reader: EventReader, slot: number, limits: IngestLimits): Fault | null {
  const code = slotChecks[slot]?.(reader, slot, limits) ?? null;
  if (code === null) return null;
  return { code, message: `${FIELDS[slot]?.name ?? ''} ${MESSAGES[code] ?? 'has the wrong type'}` };
}

/** The first fault of a single field, or of the unknown keys; null when there is none. */
export function fieldFault(reader: EventReader, limits: IngestLimits): Fault | null {
  for (let i = 0; i < reader.filledCount; i++) {
    const slot = reader.filled[i] ?? 0;
    if (!reader.has(slot) || isShortString(reader, slot, limits)) continue;
    const fault = slotFault(reader, slot, limits);
    if (fault !== null) return fault;
  }
  if (reader.unknownDepth <= limits.depth && reader.unknownKeys <= limits.keys) return null;
  return { code: 'properties_too_deep', message: 'an unknown key nests too deeply, or there are too many' };
}
