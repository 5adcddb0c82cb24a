export type {
  BlockJournal,
  BlockRange,
  JournalPosition,
  OpenRange,
  RangeOutcome,
  RecountedMinute,
  RefusedRow,
  StoredMinute,
} from './journal.ts';
export type {
  BlockEvent,
  ClientSessionSpan,
  EventStore,
  StoreBlock,
  TouchedUser,
  UserRange,
  WriteResult,
  WriterPosition,
} from './ports.ts';
export {
  createEventDecoder,
  type DecodedEvent,
  type EventDecoder,
  type EventDecoderOptions,
} from './record-decoder.ts';
export { decodeBody, type BodyRules, type DecodedBody, type RefusedBody } from './decode-body.ts';
export type { ReadEvent, ReadId, ReadIdentity, ReadRules } from './read-event.ts';
export { placeInTime, type BatchTimes, type EventTime } from './event-time.ts';
export { decodeEventLine } from './decode-line.ts';
export { integerWithin, ValueOutOfRange } from './column-value.ts';
export { isStorableTime, monthOf, monthStart, type Month } from './months.ts';
export { createBotCheck } from './bots.ts';
export { parseTimestamp } from './timestamp.ts';
export {
  ACCESS_LOG_FORMATS,
  accessLogEvent,
  type AccessLogFormat,
  type AccessLogLine,
  type AccessLogOptions,
} from './access-log.ts';
