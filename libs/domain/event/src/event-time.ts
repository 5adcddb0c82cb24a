import { EVENT_FLAGS } from '@productgraph/contracts';

/** Clock offsets up to this are left alone: networks and batching make them, and correcting would give resends another time. */
const SKEW_TOLERANCE = 60_000;
/** More than any zone mistake and less than a day: beyond it the client's clock is wrong. */
const FUTURE_TOLERANCE = 23 * 3_600_000;
const YEAR_2000 = Date.UTC(2000, 0, 1);

/** When a batch was sent and received, and how old its events may be. Unix milliseconds. */
export interface BatchTimes {
  readonly receivedAt: number;
  /** The client's clock when it sent the batch; null = not told. */
  readonly sentAt: number | null;
  /** Exempts from `oldest`. */
  readonly historical: boolean;
  /** Start of the project's retention; null = events are kept for ever. */
  readonly oldest: number | null;
}

/** Corrected time and the flags that say what was done; `timestamp` null = older than the project keeps, or before 2000. */
export interface EventTime {
  readonly timestamp: number | null;
  readonly flags: number;
}

/** What to add to the client's times, milliseconds. */
function correctionOf({ receivedAt, sentAt }: BatchTimes): number {
  const skew = sentAt === null ? 0 : receivedAt - sentAt;
  return Math.abs(skew) > SKEW_TOLERANCE ? Math.round(skew / 1_000) * 1_000 : 0;
}

/**
 * Places an event in time. The client's clock error, `receivedAt − sentAt`, is added only beyond 60 s and rounded to the second,
 * so that a resend of the same event nearly always gets the same time. More than 23 h in the future becomes `receivedAt`.
 * @param original the client's time, Unix milliseconds; null = it sent none
 */
export function placeInTime(original: number | null, times: BatchTimes): EventTime {
  const { receivedAt, historical, oldest } = times;
  const batch = historical ? EVENT_FLAGS.historical : 0;
  if (original === null) return { timestamp: receivedAt, flags: batch | EVENT_FLAGS.untimed };
  const correction = correctionOf(times);
  const corrected = original + correction;
  const flags = correction === 0 ? batch : batch | EVENT_FLAGS.skewed;
  if (corrected > receivedAt + FUTURE_TOLERANCE) return { timestamp: receivedAt, flags: flags | EVENT_FLAGS.future };
  const expired = !historical && oldest !== null && corrected < oldest;
  return { timestamp: corrected < YEAR_2000 || expired ? null : corrected, flags };
}
