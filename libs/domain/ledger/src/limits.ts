const DAY_MINUTES = 1_440;

/** Bounds of what is kept besides events. */
export const KEEP = {
  /** Bytes of quarantine per project. */
  quarantineBytes: 1024 ** 3,
  /** Days of quarantine. */
  quarantineDays: 30,
  /** Days of ledger minutes; older ones are summed into days. */
  ledgerMinuteDays: 7,
} as const;

/** Unix minute before which ledger minutes are summed into days: the start of a UTC day, so that days are whole. */
export function pruneLedgerBefore(now: number): number {
  const day = Math.floor(now / 86_400_000) - KEEP.ledgerMinuteDays;
  return day * DAY_MINUTES;
}

/** Unix day (UTC) of a Unix minute. */
export function ledgerDay(minute: number): number {
  return Math.floor(minute / DAY_MINUTES);
}

/** First Unix minute of a Unix day: under it the sum of a pruned day is listed. */
export function firstMinuteOf(day: number): number {
  return day * DAY_MINUTES;
}
