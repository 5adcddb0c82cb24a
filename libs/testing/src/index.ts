export { storedEvent } from './stored-event.ts';
export { eventLogSuite } from './event-log/suite.ts';
export {
  record,
  recordOf,
  recordsOf,
  systemClock,
  until,
  type EventLogFactory,
  type EventLogFixture,
} from './event-log/tools.ts';
export { stateStoreSuite, type StateStoreFixture } from './state-store/suite.ts';
