import { compareEvents, EVENT_FLAGS, type StoredEvent } from '@productgraph/contracts';
import { factsOf, mergeFacts, type SessionFacts } from './facts.ts';
import { closingTime, type SessionSettings } from './settings.ts';

/**
 * How a session begins: after a `gap` longer than idle, at the `limit` of the one before, or at the `edge` of what was read,
 * so that it may have begun earlier. A client's session always begins by its id: `gap`.
 */
export type Opening = 'gap' | 'limit' | 'edge';

/** A session as a single pass over the stored events, in total order, gives it. */
export interface ExactSession {
  readonly lane: number;
  /** The client's id; null = made here. */
  readonly clientId: string | null;
  readonly opening: Opening;
  readonly facts: SessionFacts;
  /** First event in total order. */
  readonly firstEventId: string;
  /** Events that came after the session had closed, judged by times of receipt. */
  readonly lateEvents: number;
}

export interface SessionizeOptions {
  /** All events from this time on were read, none before. Default: the whole history was read. */
  readonly readFrom?: number;
  /** Per lane: a session made here is known to begin at this time; earlier events without a client's id are left out. */
  readonly starts?: ReadonlyMap<number, number>;
}

/** Takes events in total order, a part at a time, so that long histories need not be held in memory. */
export interface Sessionizer {
  /** @throws RangeError when the event does not come after the last one in total order */
  add(event: StoredEvent): void;
  /** Sessions so far: clients' in order of their first event, then those made here in order of time, lane by lane. */
  sessions(): ExactSession[];
}

/** One session being built. */
class Draft {
  readonly lane: number;
  readonly clientId: string | null;
  readonly opening: Opening;
  readonly firstEventId: string;
  facts: SessionFacts;
  /** Time of receipt, time, and 1 if exempt from lateness, of each event. */
  readonly #receipts: (readonly [receivedAt: number, timestamp: number, isExempt: boolean])[] = [];

  constructor(event: StoredEvent, opening: Opening) {
    this.lane = event.lane;
    this.clientId = event.sessionId;
    this.opening = opening;
    this.firstEventId = event.eventId;
    this.facts = factsOf(event);
    this.#receive(event);
  }

  add(event: StoredEvent): void {
    this.facts = mergeFacts(this.facts, factsOf(event));
    this.#receive(event);
  }

  #receive({ receivedAt, timestamp, flags }: StoredEvent): void {
    this.#receipts.push([receivedAt, timestamp, (flags & EVENT_FLAGS.historical) !== 0]);
  }

  exact(settings: SessionSettings): ExactSession {
    const { lane, clientId, opening, firstEventId, facts } = this;
    return { lane, clientId, opening, firstEventId, facts, lateEvents: this.#lateEvents(settings) };
  }

  /** In order of receipt: late is what came when the session, as known until then, had closed. */
  #lateEvents(settings: SessionSettings): number {
    const receipts = this.#receipts.toSorted((a, b) => a[0] - b[0]);
    let late = 0;
    let end = Number.NEGATIVE_INFINITY;
    let closesAt = Number.POSITIVE_INFINITY;
    for (const [receivedAt, timestamp, isExempt] of receipts) {
      if (receivedAt > closesAt && !isExempt) late++;
      end = Math.max(end, timestamp);
      const known = { end, firstReceivedAt: receipts[0]?.[0] ?? receivedAt, lastReceivedAt: receivedAt };
      closesAt = closingTime(known, this.clientId !== null, settings);
    }
    return late;
  }
}

class StreamSessionizer implements Sessionizer {
  readonly #settings: SessionSettings;
  readonly #options: SessionizeOptions;
  readonly #clients = new Map<string, Draft>();
  readonly #made = new Map<number, Draft[]>();
  #last: StoredEvent | null = null;

  constructor(settings: SessionSettings, options: SessionizeOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  add(event: StoredEvent): void {
    if (this.#last !== null && compareEvents(this.#last, event) >= 0) {
      throw new RangeError(`Event ${event.eventId} does not come after ${this.#last.eventId} in total order`);
    }
    this.#last = event;
    if (event.sessionId === null) this.#addMade(event);
    else this.#addToClient(event, `${String(event.lane)} ${event.sessionId}`);
  }

  #addToClient(event: StoredEvent, key: string): void {
    const draft = this.#clients.get(key);
    if (draft === undefined) this.#clients.set(key, new Draft(event, 'gap'));
    else draft.add(event);
  }

  #addMade(event: StoredEvent): void {
    const start = this.#options.starts?.get(event.lane);
    if (start !== undefined && event.timestamp < start) return;
    const drafts = this.#made.get(event.lane) ?? [];
    this.#made.set(event.lane, drafts);
    const current = drafts.at(-1);
    const opening = current === undefined ? this.#firstOpening(event, start) : this.#cut(current.facts, event);
    if (opening === null) current?.add(event);
    else drafts.push(new Draft(event, opening));
  }

  /** Why the event begins a new session; null = it belongs to the current one. */
  #cut({ start, end }: SessionFacts, { timestamp }: StoredEvent): Opening | null {
    if (timestamp - end > this.#settings.idleMs) return 'gap';
    return timestamp - start > this.#settings.maxMs ? 'limit' : null;
  }

  #firstOpening({ timestamp }: StoredEvent, start: number | undefined): Opening {
    const { readFrom = Number.NEGATIVE_INFINITY } = this.#options;
    return start !== undefined || timestamp - readFrom > this.#settings.idleMs ? 'gap' : 'edge';
  }

  sessions(): ExactSession[] {
    const lanes = [...this.#made.entries()].sort(([a], [b]) => a - b).flatMap(([, drafts]) => drafts);
    return [...this.#clients.values(), ...lanes].map((draft) => draft.exact(this.#settings));
  }
}

export function createSessionizer(settings: SessionSettings, options: SessionizeOptions = {}): Sessionizer {
  return new StreamSessionizer(settings, options);
}

/**
 * The exact sessions of one user's events, given in total order without duplicates: the oracle that settled sessions equal.
 * Sessions made here are cut at gaps longer than idle and before they grow longer than the maximum; a client's id alone
 * delimits its session.
 */
export function sessionize(events: Iterable<StoredEvent>, settings: SessionSettings): ExactSession[] {
  const sessionizer = createSessionizer(settings);
  for (const event of events) sessionizer.add(event);
  return sessionizer.sessions();
}
