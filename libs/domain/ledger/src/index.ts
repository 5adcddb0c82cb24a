export { received, unaccounted, type LedgerRow } from './ledger.ts';
export type { EventTrace, LedgerStore, QuarantineFilter } from './ports.ts';
