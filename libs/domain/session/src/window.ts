import type { SessionRow } from '@productgraph/contracts';
import { isMadeSessionId } from './made-id.ts';
import type { ExactSession } from './sessionize.ts';
import type { SessionSettings } from './settings.ts';

/** A span of time, half-open [from, to), Unix ms. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** What of a user's history is read, and where sessions made here are known to begin. */
export interface SettleWindow extends TimeSpan {
  /** By lane, see {@link SessionizeOptions.starts}. */
  readonly starts: ReadonlyMap<number, number>;
}

export interface ReviewInput {
  readonly window: SettleWindow;
  /** Times of the events that made settlement look at this user. */
  readonly touched: TimeSpan;
  readonly settings: SessionSettings;
  /** Sessions of the events inside the window, clients' included. */
  readonly sessions: readonly ExactSession[];
  /** Highest versions of the user's rows that overlap the window. */
  readonly rows: readonly SessionRow[];
  /** Whether the session can be settled now. */
  readonly isFinal: (session: ExactSession) => boolean;
  /** Whether all events that the row stands for were stored when the window was read, unless they were deleted since. */
  readonly isStored: (row: SessionRow) => boolean;
  /** How far a window may reach beyond the touched span, milliseconds; there its edge counts as a session's beginning or end. */
  readonly maxReachMs: number;
}

/** Made sessions (and rows that overlap them) that can be settled on their own: nothing outside changes with them. */
export interface ReadyPart {
  readonly lane: number;
  readonly sessions: readonly ExactSession[];
  readonly rows: readonly SessionRow[];
}

/** Either the parts are ready, or a wider window has to be read first. */
export type Review =
  | { readonly kind: 'ready'; readonly parts: readonly ReadyPart[] }
  | { readonly kind: 'widen'; readonly window: SettleWindow };

/** The window that nearly always suffices: the longest session and a gap before, a gap after. */
export function firstWindow(touched: TimeSpan, { idleMs, maxMs }: SessionSettings): SettleWindow {
  return { from: touched.from - maxMs - idleMs, to: touched.to + idleMs, starts: new Map() };
}

/** Rows of sessions made here, still standing: neither merged nor a client's. */
export function standingMadeRows(rows: readonly SessionRow[], sessions: readonly ExactSession[]): SessionRow[] {
  const clientIds = new Set(sessions.map((session) => session.clientId));
  return rows.filter(
    (row) => row.state !== 'merged' && isMadeSessionId(row.sessionId) && !clientIds.has(row.sessionId),
  );
}

/**
 * Finds the sessions made here that contain the touched events, and around them as many as must be looked at together:
 * back to a proven beginning that no row straddles, forth to where nothing changes any more.
 */
export function reviewWindow(input: ReviewInput): Review {
  const parts: ReadyPart[] = [];
  let window = input.window;
  const standing = standingMadeRows(input.rows, input.sessions);
  const made = input.sessions.filter((session) => session.clientId === null);
  for (const lane of new Set(made.map((session) => session.lane))) {
    const found = reviewLane({
      ...input,
      lane,
      sessions: made.filter((session) => session.lane === lane),
      rows: standing.filter((row) => row.lane === lane),
    });
    if (found === null) continue;
    if (found.kind === 'ready') parts.push(found.part);
    else window = union(window, found);
  }
  for (const row of abandonedRows(standing, made, input)) {
    if (row.start < window.from || row.end >= window.to)
      window = union(window, { kind: 'widen', from: row.start, to: row.end + 1 });
    else if (!parts.some((part) => part.rows.includes(row))) parts.push({ lane: row.lane, sessions: [], rows: [row] });
  }
  return window === input.window ? { kind: 'ready', parts } : { kind: 'widen', window };
}

/** Rows in the touched span of which no event is left: those they stood for were deleted. */
function abandonedRows(rows: readonly SessionRow[], made: readonly ExactSession[], input: ReviewInput): SessionRow[] {
  const { touched, isStored } = input;
  const isLeft = (row: SessionRow): boolean =>
    made.some(({ lane, facts }) => lane === row.lane && facts.start <= row.end && facts.end >= row.start);
  return rows.filter((row) => row.start < touched.to && row.end >= touched.from && isStored(row) && !isLeft(row));
}

interface LaneInput extends ReviewInput {
  readonly lane: number;
}

type Wider = { readonly kind: 'widen' } & Partial<SettleWindow>;
type LaneReview = { readonly kind: 'ready'; readonly part: ReadyPart } | Wider;

function union(window: SettleWindow, wider: Wider): SettleWindow {
  return {
    from: Math.min(window.from, wider.from ?? window.from),
    to: Math.max(window.to, wider.to ?? window.to),
    starts: new Map([...window.starts, ...(wider.starts ?? [])]),
  };
}

/** Null = no event without a client's id was touched in this lane. */
function reviewLane(input: LaneInput): LaneReview | null {
  const { sessions, touched, lane, rows } = input;
  const isTouched = ({ facts }: ExactSession): boolean => facts.start < touched.to && facts.end >= touched.from;
  const from = sessions.findIndex(isTouched);
  if (from < 0) return null;
  const beginning = findBeginning(from, input);
  if (typeof beginning !== 'number') return beginning;
  const ending = findEnding(beginning, sessions.findLastIndex(isTouched), input);
  if (typeof ending !== 'number') return ending;
  const chosen = sessions.slice(beginning, ending + 1);
  const span = { start: chosen[0]?.facts.start ?? 0, end: chosen.at(-1)?.facts.end ?? 0 };
  const overlapping = rows.filter((row) => row.start <= span.end && row.end >= span.start);
  return { kind: 'ready', part: { lane, sessions: chosen, rows: overlapping } };
}

/** True when a row began before that time and goes on to it. */
function isStraddled(time: number, rows: readonly SessionRow[]): boolean {
  return rows.some((row) => row.start < time && row.end >= time);
}

/** Index of the session to begin with: the latest proven one at or before `index` that no row straddles. */
function findBeginning(index: number, input: LaneInput): number | Wider {
  const { sessions, rows, window, touched, settings, maxReachMs } = input;
  const proven = sessions.findIndex((session, at) => session.opening === 'gap' && at <= index);
  const found = sessions.findLastIndex(
    (session, at) => proven >= 0 && at >= proven && at <= index && !isStraddled(session.facts.start, rows),
  );
  if (found >= 0) return found;
  const anchor = proven >= 0 ? null : findAnchor(sessions[index]?.facts.start ?? window.from, input);
  if (anchor !== null) return { kind: 'widen', starts: new Map([[input.lane, anchor]]) };
  if (touched.from - window.from >= maxReachMs) return 0;
  const earliest = rows.reduce((start, row) => Math.min(start, row.start), window.from);
  return { kind: 'widen', from: earliest - settings.maxMs - settings.idleMs };
}

/**
 * In a chain without a gap longer than the window, a settled row's beginning is a cut that was computed from a proven
 * beginning before: the latest one will do.
 */
function findAnchor(before: number, { rows, window, lane }: LaneInput): number | null {
  if (window.starts.has(lane)) return null;
  const anchors = rows
    .filter((row) => row.state === 'settled' && row.start >= window.from && row.start <= before)
    .map((row) => row.start)
    .filter((start) => !isStraddled(start, rows));
  return anchors.length === 0 ? null : Math.max(...anchors);
}

/** Index of the session to end with: nothing after it depends on it. */
function findEnding(beginning: number, index: number, input: LaneInput): number | Wider {
  const { sessions, isFinal } = input;
  const from = sessions[beginning]?.facts.start ?? 0;
  for (let at = index; ; at++) {
    const session = sessions[at];
    if (session === undefined) return at - 1;
    // It cannot be settled now, whatever follows; what later receipts touch is settled then.
    if (!isFinal(session)) return at;
    const next = sessions[at + 1];
    if (next === undefined) return moreToRead(session, from, input) ?? at;
    if (!isBound(session, next, input.rows)) return at;
  }
}

/** Whether the next session belongs to the part: a row reaches into it, or it begins by a cut that may have moved. */
function isBound(session: ExactSession, next: ExactSession, rows: readonly SessionRow[]): boolean {
  const { start } = next.facts;
  if (rows.some((row) => row.start <= session.facts.end && row.end >= start)) return true;
  return next.opening === 'limit' && !rows.some((row) => row.state === 'settled' && row.start === start);
}

/** How much more to read after the window's last session; null when what follows is known to be a gap, or far enough away. */
function moreToRead(session: ExactSession, from: number, input: LaneInput): Wider | null {
  const { rows, window, touched, settings, maxReachMs } = input;
  const { start, end } = session.facts;
  const reach = rows.reduce(
    (furthest, row) => (row.end >= from && row.start <= end ? Math.max(furthest, row.end) : furthest),
    end,
  );
  const needed = reach + settings.idleMs + 1;
  if (needed <= window.to || window.to - touched.to >= maxReachMs) return null;
  // A chain may go on: reading by quarters of what is there already keeps the number of readings small.
  return { kind: 'widen', to: needed + Math.ceil((end - start) / 4) };
}
