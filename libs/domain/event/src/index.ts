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
