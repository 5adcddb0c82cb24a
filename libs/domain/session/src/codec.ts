import type { Campaign, Place, Placed, SessionFacts } from './facts.ts';
import type { LiveSession, LiveState } from './live-state.ts';

/** Version of the text form. Fields are only appended; a form that cannot be read any more gets a new number and an old fixture. */
const VERSION = 1;

/** The text is not a state that this program can read, e.g. written by a newer one. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';
}

type PlaceText = readonly [timestamp: number, sequence: number, eventId: string];
/** Index into the session's list of places, then the value. */
type PlacedText<T> = readonly [place: number, value: T] | 0;
type CampaignText = readonly [source: string | null, medium: string | null, name: string | null];

type FactsText = readonly [
  start: number, end: number, firstReceivedAt: number, lastReceivedAt: number,
  events: number, pageViews: number, errors: number, botEvents: number,
  places: readonly PlaceText[],
  firstPage: PlacedText<string>, lastPage: PlacedText<string>, firstPath: PlacedText<string>, lastPath: PlacedText<string>,
  referrer: PlacedText<string>, campaign: PlacedText<CampaignText>, userAgent: PlacedText<string>, anonymousId: PlacedText<string>,
]; // prettier-ignore

type SessionText = readonly [
  id: string, openedReceivedAt: number, lateEvents: number, closesAt: number, emittedAt: number | null, flags: number,
  facts: FactsText,
]; // prettier-ignore

const FLAGS = { client: 1, closed: 2, changed: 4, silent: 8 } as const;

/** Compact JSON text: arrays, and each event's place only once. */
export function serialiseState(state: LiveState): string {
  return JSON.stringify([VERSION, ...state.sessions.map(toText)]);
}

/** @throws UnreadableState when the text is of another version or none of ours */
export function parseState(text: string): LiveState {
  const [version, ...sessions] = parseArray(text);
  if (version !== VERSION)
    throw new UnreadableState(`Session state of version ${String(version)}, expected ${VERSION}`);
  return { sessions: sessions.map((session) => fromText(session as SessionText)) };
}

function parseArray(text: string): unknown[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new UnreadableState('Session state is not an array');
  return value as unknown[];
}

function toText(session: LiveSession): SessionText {
  const flags =
    (session.isClient ? FLAGS.client : 0) |
    (session.isClosed ? FLAGS.closed : 0) |
    (session.isChanged ? FLAGS.changed : 0) |
    (session.isSilent ? FLAGS.silent : 0);
  const { id, openedReceivedAt, lateEvents, closesAt, emittedAt, facts } = session;
  return [id, openedReceivedAt, lateEvents, closesAt, emittedAt, flags, factsToText(facts)];
}

function fromText(text: SessionText): LiveSession {
  const [id, openedReceivedAt, lateEvents, closesAt, emittedAt, flags, facts] = text;
  return {
    id,
    isClient: (flags & FLAGS.client) !== 0,
    openedReceivedAt,
    facts: factsFromText(facts),
    lateEvents,
    closesAt,
    isClosed: (flags & FLAGS.closed) !== 0,
    emittedAt,
    isChanged: (flags & FLAGS.changed) !== 0,
    isSilent: (flags & FLAGS.silent) !== 0,
  };
}

function factsToText(facts: SessionFacts): FactsText {
  // A handful: comparing costs less than keys for a map.
  const places: Place[] = [];
  const indexOf = (place: Place): number => {
    const known = places.findIndex((other) => isSamePlace(other, place));
    return known >= 0 ? known : places.push(place) - 1;
  };
  const text = <T>(placed: Placed<T> | null): PlacedText<T> =>
    placed === null ? 0 : [indexOf(placed.at), placed.value];
  const { campaign } = facts;
  const placed = [
    text(facts.firstPage), text(facts.lastPage), text(facts.firstPath), text(facts.lastPath), text(facts.referrer),
    text(campaign === null ? null : { at: campaign.at, value: campaignToText(campaign.value) }),
    text(facts.userAgent), text(facts.anonymousId),
  ] as const; // prettier-ignore
  return [
    facts.start, facts.end, facts.firstReceivedAt, facts.lastReceivedAt,
    facts.events, facts.pageViews, facts.errors, facts.botEvents,
    places.map(({ timestamp, sequence, eventId }): PlaceText => [timestamp, sequence, eventId]),
    ...placed,
  ]; // prettier-ignore
}

const isSamePlace = (a: Place, b: Place): boolean =>
  a === b || (a.eventId === b.eventId && a.timestamp === b.timestamp && a.sequence === b.sequence);

function factsFromText(text: FactsText): SessionFacts {
  const [start, end, firstReceivedAt, lastReceivedAt, events, pageViews, errors, botEvents, listed, ...placed] = text;
  const places = listed.map(([timestamp, sequence, eventId]): Place => ({ timestamp, sequence, eventId }));
  const value = <T>(item: PlacedText<T>): Placed<T> | null => {
    if (item === 0) return null;
    const at = places[item[0]];
    if (at === undefined) throw new UnreadableState('Session state names an event that it does not list');
    return { at, value: item[1] };
  };
  const [firstPage, lastPage, firstPath, lastPath, referrer, campaign, userAgent, anonymousId] = placed;
  const campaignValue = value(campaign);
  return {
    start, end, firstReceivedAt, lastReceivedAt, events, pageViews, errors, botEvents,
    firstPage: value(firstPage), lastPage: value(lastPage), firstPath: value(firstPath), lastPath: value(lastPath),
    referrer: value(referrer),
    campaign: campaignValue === null ? null : { at: campaignValue.at, value: campaignFromText(campaignValue.value) },
    userAgent: value(userAgent), anonymousId: value(anonymousId),
  }; // prettier-ignore
}

const campaignToText = ({ source, medium, name }: Campaign): CampaignText => [source, medium, name];
const campaignFromText = ([source, medium, name]: CampaignText): Campaign => ({ source, medium, name });
