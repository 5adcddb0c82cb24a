export type { BlockEvent, EventStore, StoreBlock, TouchedUser, WriteResult, WriterPosition } from './ports.ts';
