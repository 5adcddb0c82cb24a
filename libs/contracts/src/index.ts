export { ERROR_CODES, type ErrorCode, type ErrorCodeInfo } from './error-codes.ts';
export { sha256Hex } from './digest.ts';
export { errorCodesTable } from './error-codes-table.ts';
export { isUuid, uuidv7 } from './ids.ts';
export { murmur3, type Hash64 } from './murmur3.ts';
export { eventIdHash, partitionOf, partitionOfIdentity, userKeyOf, type Identity } from './partition.ts';
export { generateKey, hashKey, KEY_KINDS, KEY_LENGTH, keyKindOf, visiblePrefix, type KeyKind } from './keys.ts';
export { TOPICS, type Topic } from './topics.ts';
export {
  EVENT_TYPES,
  INGEST_LIMITS,
  nativeEventSchema,
  PLACEHOLDER_IDS,
  type EventType,
  type IngestAnswer,
  type IngestLimits,
  type NativeEvent,
  type NativeField,
} from './event.ts';
export { compareEvents, EVENT_FLAGS, type StoredEvent } from './stored-event.ts';
export { compareVersions, type OutputVersion, type SessionRow, type SessionState } from './session.ts';
export {
  eventLine,
  packLines,
  RECORD_LIMITS,
  splitEventLine,
  unpackLines,
  type EventEnvelope,
  type LogRecord,
  type RecordCounts,
  type RecordSchema,
} from './log-record.ts';
export type { QuarantineEntry, QuarantineStage } from './quarantine.ts';
