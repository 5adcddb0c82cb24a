export { createMemoryLog, type MemoryLog, type MemoryLogOptions } from './log.ts';
export { createMemoryStateStore, type MemoryStateStore } from './state.ts';
export { createMemorySettlementProgress } from './settlement.ts';
export { createMemoryEventStore, type MemoryEventStore } from './event-store/event-store.ts';
export { createMemoryBlockJournal, type MemoryBlockJournal } from './event-store/journal.ts';
export { createMemoryTenantStore, type MemoryTenantStore } from './tenant/tenant-store.ts';
export { createFilledQueryEngine, type FilledQueryEngine } from './query/filled-engine.ts';
export type { MemoryQuerySource } from './query/rows.ts';
