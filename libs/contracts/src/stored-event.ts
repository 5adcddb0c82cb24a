import type { EventType } from './event-types.ts';
import { compareText } from './text-order.ts';

/** Bits of {@link StoredEvent.flags} and of the envelope. */
export const EVENT_FLAGS = {
  /** The user agent is a known bot. */
  bot: 1,
  /** Sent as `historical`: taken whatever its age, exempt from lateness rules; deleted by retention like all others. */
  historical: 2,
  /** The client's clock was off by more than 60 s and the time was corrected. */
  skewed: 4,
  /** The time lay more than 23 h in the future and was replaced by the time of receipt. */
  future: 8,
  /** The client sent no time; the time of receipt stands in. */
  untimed: 16,
} as const;

/**
 * An event as every store, processor and question sees it. Times are Unix milliseconds.
 * `properties`, `context`, `groups`, `uiStateBefore`, `uiStateAfter` are the client's JSON text, numbers and strings exact.
 */
export interface StoredEvent {
  readonly projectId: string;
  readonly eventId: string;
  readonly type: EventType;
  /** `event.name`; for types other than custom usually `null`. */
  readonly name: string | null;
  /** Corrected time: the one that all questions use. */
  readonly timestamp: number;
  readonly originalTimestamp: number | null;
  readonly sentAt: number | null;
  readonly receivedAt: number;
  readonly sequence: number;
  /** The client's session id, never one made here. */
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly anonymousId: string | null;
  readonly userKey: string;
  readonly pagePath: string | null;
  readonly pageTitle: string | null;
  readonly pageUrl: string | null;
  readonly pageReferrer: string | null;
  readonly uiComponentName: string | null;
  readonly uiComponentPath: string | null;
  readonly uiComponentType: string | null;
  readonly uiAction: string | null;
  readonly uiElement: string | null;
  readonly uiElementText: string | null;
  readonly uiStateKey: string | null;
  readonly uiStateBefore: string | null;
  readonly uiStateAfter: string | null;
  readonly journeyId: string | null;
  readonly stepId: string | null;
  readonly stepName: string | null;
  readonly apiMethod: string | null;
  readonly apiRoute: string | null;
  readonly apiStatus: number | null;
  readonly apiDurationMs: number | null;
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  readonly errorStack: string | null;
  readonly durationMs: number | null;
  /** From `context.user_agent`; also kept inside `context`. */
  readonly userAgent: string | null;
  /** `context.campaign` (utm_*), also kept inside `context`. */
  readonly utmSource: string | null;
  readonly utmMedium: string | null;
  readonly utmCampaign: string | null;
  readonly properties: string;
  readonly context: string;
  readonly groups: string;
  /** {@link EVENT_FLAGS} */
  readonly flags: number;
  /** 0 = the partition's own lane; overflow lanes are > 0. */
  readonly lane: number;
}

/** Total order of events: (timestamp, sequence, event id in code point order, which is byte order). Negative when `a` comes first. */
export function compareEvents(
  a: Pick<StoredEvent, 'timestamp' | 'sequence' | 'eventId'>,
  b: Pick<StoredEvent, 'timestamp' | 'sequence' | 'eventId'>,
): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return compareText(a.eventId, b.eventId);
}
