import type { SessionRow } from '@productgraph/contracts';
import type { EventStore, UserRange } from '@productgraph/domain-event';
import {
  firstWindow,
  reviewWindow,
  settleClient,
  settleMade,
  type ExactSession,
  type ReadyPart,
  type SessionSettings,
} from '@productgraph/domain-session';
import type { SettlementTelemetry } from '../telemetry.ts';
import { countEvents, readRows, readSessions } from './read-sessions.ts';

/** Reads of the event store that settlement needs. */
export type SettlementStore = Pick<
  EventStore,
  'position' | 'touchedUsers' | 'userEvents' | 'userSessions' | 'sessionSpans'
>;

/** What one unit of work decides for all its users. */
export interface SettleRules {
  /** A session is final when its last receipt and its end are at or before these times. */
  readonly receivedUpTo: number;
  readonly endsUpTo: number;
  readonly version: { readonly generation: number; readonly offset: number };
  /** How far around the touched events a history is read, milliseconds. */
  readonly maxReachMs: number;
  /** Client sessions with more events are left as they are. */
  readonly maxClientEvents: number;
}

export interface SettleUserDeps {
  readonly store: SettlementStore;
  readonly telemetry: Pick<SettlementTelemetry, 'sessionTooLarge'>;
}

/** Whom to look at: touched times, and how many events touched them. */
export interface SettleTarget extends UserRange {
  readonly events: number;
}

export interface UserOutcome {
  readonly rows: readonly SessionRow[];
  /** Sessions that only wait for their end to pass: look again when runner time is `end` plus the lateness. */
  readonly pending: { readonly from: number; readonly to: number; readonly end: number } | null;
}

/** Corrections for everything the target's events touch. Reads only; the same stored events and rows give the same corrections. */
export async function settleUser(
  target: SettleTarget,
  of: { readonly settings: SessionSettings; readonly rules: SettleRules },
  deps: SettleUserDeps,
): Promise<UserOutcome> {
  const pass = new UserPass(target, of, deps);
  const { parts, rows, sessions } = await pass.readMade();
  const corrections = parts.flatMap((part) =>
    settleMade(part, {
      owner: { projectId: target.projectId, userKey: target.userKey, lane: part.lane },
      isFinal: pass.isFinal,
      version: of.rules.version,
      takenIds: new Set(rows.map((row) => row.sessionId)),
    }),
  );
  for (const session of parts.flatMap((part) => part.sessions)) pass.notePending(session);
  corrections.push(...(await pass.settleClients(sessions, rows)));
  return { rows: corrections, pending: pass.pending };
}

interface MadeReading {
  readonly parts: readonly ReadyPart[];
  readonly sessions: readonly ExactSession[];
  readonly rows: readonly SessionRow[];
}

type ClientSession = ExactSession & { readonly clientId: string };

/** A window that is still not wide enough after so many readings is a bug. */
const MAX_READINGS = 200;

class UserPass {
  pending: UserOutcome['pending'] = null;
  readonly isFinal: (session: ExactSession) => boolean;
  readonly isStored: (row: SessionRow) => boolean;
  readonly #target: SettleTarget;
  readonly #settings: SessionSettings;
  readonly #rules: SettleRules;
  readonly #deps: SettleUserDeps;

  constructor(
    target: SettleTarget,
    { settings, rules }: { readonly settings: SessionSettings; readonly rules: SettleRules },
    deps: SettleUserDeps,
  ) {
    this.#target = target;
    this.#settings = settings;
    this.#rules = rules;
    this.#deps = deps;
    this.isFinal = ({ facts }) => facts.lastReceivedAt <= rules.receivedUpTo && facts.end <= rules.endsUpTo;
    this.isStored = ({ version: { generation, offset } }) =>
      generation < rules.version.generation ||
      (generation === rules.version.generation && offset <= rules.version.offset);
  }

  #range(from: number, to: number): UserRange {
    return { projectId: this.#target.projectId, userKey: this.#target.userKey, from, to };
  }

  /** Reads a window and widens it until what the touched events can change lies inside. */
  async readMade(): Promise<MadeReading> {
    const touched = this.#target;
    const { store } = this.#deps;
    let window = firstWindow(touched, this.#settings);
    for (let reading = 1; ; reading++) {
      if (reading > MAX_READINGS)
        throw new RangeError(`No end after ${MAX_READINGS} readings: ${JSON.stringify(window)}`);
      const range = this.#range(window.from, window.to);
      const rows = await readRows(store, range);
      const sessions = await readSessions(store, range, {
        settings: this.#settings,
        expectedEvents: Math.max(countEvents(rows), touched.events),
        readFrom: window.from,
        starts: window.starts,
      });
      const { isFinal, isStored } = this;
      const { maxReachMs } = this.#rules;
      const settings = this.#settings;
      const review = reviewWindow({ window, touched, settings, sessions, rows, isFinal, isStored, maxReachMs });
      if (review.kind === 'ready') return { parts: review.parts, sessions, rows };
      window = review.window;
    }
  }

  /** Corrections for the client sessions among the touched events. */
  async settleClients(sessions: readonly ExactSession[], rows: readonly SessionRow[]): Promise<SessionRow[]> {
    const { projectId, userKey, from, to } = this.#target;
    const clients = sessions.filter((session): session is ClientSession => session.clientId !== null);
    const touched = clients.filter(({ facts }) => facts.start < to && facts.end >= from);
    const ids = [...new Set(touched.map((session) => session.clientId))];
    if (ids.length === 0) return [];
    const corrections: SessionRow[] = [];
    for (const span of await this.#deps.store.sessionSpans(projectId, userKey, ids)) {
      const inWindow = clients.filter((session) => session.clientId === span.sessionId);
      const events = inWindow.reduce((sum, session) => sum + session.facts.events, 0);
      const whole = events === span.events ? { sessions: inWindow, rows } : await this.#readClient(span);
      corrections.push(...whole.sessions.flatMap((session) => this.#settleClient(session, whole.rows)));
    }
    return corrections;
  }

  #settleClient(session: ClientSession, rows: readonly SessionRow[]): SessionRow[] {
    const { clientId, lane } = session;
    const { projectId, userKey } = this.#target;
    this.notePending(session);
    if (!this.isFinal(session)) return [];
    const row = rows.find((candidate) => candidate.sessionId === clientId && candidate.lane === lane);
    return settleClient(session, row, { owner: { projectId, userKey, lane }, version: this.#rules.version });
  }

  /** A client's session that reaches beyond the window, lane by lane, unless it goes on or is too large. */
  async #readClient(span: {
    readonly sessionId: string;
    readonly from: number;
    readonly to: number;
    readonly events: number;
    readonly lastReceivedAt: number;
  }): Promise<{ readonly sessions: readonly ClientSession[]; readonly rows: readonly SessionRow[] }> {
    const { store, telemetry } = this.#deps;
    const { projectId, userKey } = this.#target;
    const { sessionId, events } = span;
    if (span.lastReceivedAt > this.#rules.receivedUpTo) return { sessions: [], rows: [] };
    if (events > this.#rules.maxClientEvents) {
      telemetry.sessionTooLarge({ projectId, userKey, sessionId, events });
      return { sessions: [], rows: [] };
    }
    const range = this.#range(span.from, span.to);
    const rows = await readRows(store, range);
    const sessions = await readSessions(store, range, {
      settings: this.#settings,
      expectedEvents: Math.max(countEvents(rows), events),
      clientId: sessionId,
    });
    return { sessions: sessions.filter((session): session is ClientSession => session.clientId !== null), rows };
  }

  /** Remembers a session whose end, by a client's clock that is ahead, has not passed yet. */
  notePending({ facts }: ExactSession): void {
    if (facts.lastReceivedAt > this.#rules.receivedUpTo || facts.end <= this.#rules.endsUpTo) return;
    const known = this.pending ?? { from: facts.start, to: facts.end + 1, end: facts.end };
    this.pending = {
      from: Math.min(known.from, facts.start),
      to: Math.max(known.to, facts.end + 1),
      end: Math.max(known.end, facts.end),
    };
  }
}
