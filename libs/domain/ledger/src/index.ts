export { received, unaccounted, type LedgerRow } from './ledger.ts';
export { firstMinuteOf, KEEP, pruneLedgerBefore } from './limits.ts';
export type { EventTrace, FindEvent, LedgerRange, LedgerStore, QuarantineFilter } from './ports.ts';
export { refusedEvent, refusedSession, type Refusal, type RefusedAt } from './refusal.ts';
export {
  emptyLedgerRow,
  ledgerMinute,
  LedgerTally,
  quarantineCounter,
  type LedgerCount,
  type LedgerCounter,
} from './tally.ts';
