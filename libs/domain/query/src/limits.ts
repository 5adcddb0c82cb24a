/** Bounds of questions; {@link validateQuestion} names the one that is passed. */
export const QUESTION_LIMITS = {
  series: 26,
  breakdowns: 3,
  breakdownLimit: 1_000,
  steps: 20,
  exclusions: 10,
  /** Milliseconds: 10 years. */
  windowMs: 3_660 * 86_400_000,
  buckets: 10_000,
  periods: 90,
  minimumCount: 1_000,
  page: 1_000,
  funnelUsers: 10_000,
  catalogue: 1_000,
  /** Conditions of one filter. */
  conditions: 200,
  /** Levels of and, or, not. */
  filterDepth: 20,
  /** Characters of a name, a key or a search text. */
  text: 1_000,
  /** Years 1 to 9999, Unix ms. */
  earliest: -62_135_596_800_000,
  latest: 253_402_300_799_999,
} as const;
