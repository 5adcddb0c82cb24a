export { createMemoryLog, type MemoryLog, type MemoryLogOptions } from './log.ts';
export { createMemoryStateStore, type MemoryStateStore } from './state.ts';
