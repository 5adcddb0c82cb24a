export { ERROR_CODES, type ErrorCode, type ErrorCodeInfo } from './error-codes.ts';
export { sha256Hex } from './digest.ts';
export { errorCodesTable } from './error-codes-table.ts';
export { isUuid, uuidv7 } from './ids.ts';
export { type Hash64, type PrefixHasher } from './murmur3.ts';
export {
  eventIdHash,
  hashersOf,
  partitionOf,
  partitionOfHash,
  userKeyOf,
  type Identity,
  type ProjectHashers,
} from './partition.ts';
export { EventLineWriter, MAX_ENVELOPE_BYTES, type LineBatch, type LineEvent } from './event-line-writer.ts';
export { generateKey, hashKey, KEY_KINDS, keyKindOf, visiblePrefix, type KeyKind } from './keys.ts';
export { type Topic } from './topics.ts';
export {
  INGEST_LIMITS,
  nativeEventSchema,
  PLACEHOLDER_IDS,
  type IngestAnswer,
  type IngestLimits,
  type NativeEvent,
  type NativeField,
} from './event.ts';
export { EVENT_TYPES, type EventType } from './event-types.ts';
export { compareEvents, EVENT_FLAGS, type StoredEvent } from './stored-event.ts';
export { compareText } from './text-order.ts';
export { compareVersions, type OutputVersion, type SessionRow, type SessionState } from './session.ts';
export {
  eventLine,
  packBytes,
  packLines,
  RECORD_LIMITS,
  unpackLines,
  type EventEnvelope,
  type LogRecord,
  type RecordCounts,
  type RecordSchema,
} from './log-record.ts';
export type { QuarantineEntry, QuarantineStage } from './quarantine.ts';
