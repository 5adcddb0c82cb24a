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
export { settlementProgressSuite, type SettlementProgressFixture } from './settlement-progress.ts';
export { BUILT_AT, organisationOf, projectOf, quarantineEntry, sessionRow, storeBlock } from './builders/rows.ts';
export type { EventStoreFixture } from './event-store/fixture.ts';
export { eventStoreSuite } from './event-store/suite.ts';
export type { TenantStoreFixture } from './tenant-store/fixture.ts';
export { tenantStoreSuite } from './tenant-store/suite.ts';
export { queryEnginesAgree } from './query-engine/agreement.ts';
export { queryEngineSuite } from './query-engine/suite.ts';
export type { QueryEngineFixture, QueryTenant } from './query-engine/world.ts';
