import { compareEvents, EVENT_FLAGS, type StoredEvent } from '@productgraph/contracts';

/** An event's place in the total order. */
export type Place = Pick<StoredEvent, 'timestamp' | 'sequence' | 'eventId'>;

/** A value with the event it came from: the first or last one wins, in whatever order they are heard of. */
export interface Placed<T> {
  readonly at: Place;
  readonly value: T;
}

export interface Campaign {
  readonly source: string | null;
  readonly medium: string | null;
  readonly name: string | null;
}

/**
 * What a session says about its events. Independent of the order in which events are added, and mergeable:
 * facts of two disjoint sets of events merge into the facts of both.
 */
export interface SessionFacts {
  readonly start: number;
  readonly end: number;
  readonly firstReceivedAt: number;
  readonly lastReceivedAt: number;
  readonly events: number;
  readonly pageViews: number;
  readonly errors: number;
  /** Events flagged as a bot's. */
  readonly botEvents: number;
  /** Paths of the first and last page view. */
  readonly firstPage: Placed<string> | null;
  readonly lastPage: Placed<string> | null;
  /** Paths of the first and last event that has one. */
  readonly firstPath: Placed<string> | null;
  readonly lastPath: Placed<string> | null;
  /** First ones that are set. */
  readonly referrer: Placed<string> | null;
  readonly campaign: Placed<Campaign> | null;
  readonly userAgent: Placed<string> | null;
  readonly anonymousId: Placed<string> | null;
}

/** Characters of a text that a session row keeps: nine of them, escaped, must fit into a state of 256 KB. */
export const TEXT_LENGTH = 2_048;

/** Cuts to {@link TEXT_LENGTH} without leaving half of a surrogate pair. */
function clip(text: string): string {
  if (text.length <= TEXT_LENGTH) return text;
  const half = (text.charCodeAt(TEXT_LENGTH - 1) & 0xfc00) === 0xd800;
  return text.slice(0, half ? TEXT_LENGTH - 1 : TEXT_LENGTH);
}

function campaignOf(event: StoredEvent): Campaign | null {
  const { utmSource, utmMedium, utmCampaign } = event;
  if (utmSource === null && utmMedium === null && utmCampaign === null) return null;
  const short = (text: string | null): string | null => (text === null ? null : clip(text));
  return { source: short(utmSource), medium: short(utmMedium), name: short(utmCampaign) };
}

/** Facts of a single event. */
export function factsOf(event: StoredEvent): SessionFacts {
  const at: Place = { timestamp: event.timestamp, sequence: event.sequence, eventId: event.eventId };
  const placed = (text: string | null): Placed<string> | null => (text === null ? null : { at, value: clip(text) });
  const path = placed(event.pagePath);
  const isPage = event.type === 'page.view';
  const campaign = campaignOf(event);
  return {
    start: event.timestamp,
    end: event.timestamp,
    firstReceivedAt: event.receivedAt,
    lastReceivedAt: event.receivedAt,
    events: 1,
    pageViews: isPage ? 1 : 0,
    errors: event.type === 'error' ? 1 : 0,
    botEvents: (event.flags & EVENT_FLAGS.bot) === 0 ? 0 : 1,
    firstPage: isPage ? path : null,
    lastPage: isPage ? path : null,
    firstPath: path,
    lastPath: path,
    referrer: placed(event.pageReferrer),
    campaign: campaign === null ? null : { at, value: campaign },
    userAgent: placed(event.userAgent),
    anonymousId: placed(event.anonymousId),
  };
}

function first<T>(a: Placed<T> | null, b: Placed<T> | null): Placed<T> | null {
  if (a === null || b === null) return a ?? b;
  return a.at === b.at || compareEvents(a.at, b.at) <= 0 ? a : b;
}

function last<T>(a: Placed<T> | null, b: Placed<T> | null): Placed<T> | null {
  if (a === null || b === null) return a ?? b;
  return a.at === b.at || compareEvents(a.at, b.at) >= 0 ? a : b;
}

/** Facts of both sets of events. Associative and commutative. */
export function mergeFacts(a: SessionFacts, b: SessionFacts): SessionFacts {
  return {
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    firstReceivedAt: Math.min(a.firstReceivedAt, b.firstReceivedAt),
    lastReceivedAt: Math.max(a.lastReceivedAt, b.lastReceivedAt),
    events: a.events + b.events,
    pageViews: a.pageViews + b.pageViews,
    errors: a.errors + b.errors,
    botEvents: a.botEvents + b.botEvents,
    firstPage: first(a.firstPage, b.firstPage),
    lastPage: last(a.lastPage, b.lastPage),
    firstPath: first(a.firstPath, b.firstPath),
    lastPath: last(a.lastPath, b.lastPath),
    referrer: first(a.referrer, b.referrer),
    campaign: first(a.campaign, b.campaign),
    userAgent: first(a.userAgent, b.userAgent),
    anonymousId: first(a.anonymousId, b.anonymousId),
  };
}
