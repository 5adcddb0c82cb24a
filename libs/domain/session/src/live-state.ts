import type { SessionFacts } from './facts.ts';
import type { SessionSettings } from './settings.ts';

/** A session as the live fold keeps it: while it is open, and then until late events can no longer change it. */
export interface LiveSession {
  readonly id: string;
  /** The id is the client's. */
  readonly isClient: boolean;
  /** Time of receipt of the event that opened it here; fixed for the life of its row. */
  readonly openedReceivedAt: number;
  readonly facts: SessionFacts;
  /** Events that came after it had closed. */
  readonly lateEvents: number;
  /** Open up to this runner time. */
  readonly closesAt: number;
  /** Its end has been dealt with: the closed row is out, or not wanted. */
  readonly isClosed: boolean;
  /** Runner time of the last row; null = none yet. */
  readonly emittedAt: number | null;
  /** It changed since the last row. */
  readonly isChanged: boolean;
  /** Its true opening may lie before what was replayed: folded, never emitted; settlement does that. */
  readonly isSilent: boolean;
}

/** Sessions of one state key, in no particular order. */
export interface LiveState {
  readonly sessions: readonly LiveSession[];
}

export interface LiveLimits {
  /** Least time between two rows of a session while it changes, milliseconds of runner time. */
  readonly throttleMs: number;
  /** How long after its end and last receipt a session is kept for late events, milliseconds of runner time. */
  readonly keepMs: number;
  /** Sessions kept per key; the one that ended first leaves first. */
  readonly maxSessions: number;
  /** Bytes that a state may take when serialised, at worst. */
  readonly maxBytes: number;
}

const HOUR = 3_600_000;

/** Limits for a lateness bound: sessions are kept 2 hours beyond it, so that settlement has the last word first. */
export function liveLimits(latenessMs: number): LiveLimits {
  return { throttleMs: 15_000, keepMs: latenessMs + 2 * HOUR, maxSessions: 100, maxBytes: 240_000 };
}

/** What folding knows besides state and event. */
export interface LiveContext {
  readonly owner: { readonly projectId: string; readonly userKey: string; readonly lane: number };
  readonly settings: SessionSettings;
  readonly limits: LiveLimits;
  /** Runner time, Unix ms. */
  readonly time: number;
  readonly version: { readonly generation: number; readonly offset: number; readonly rank: number };
  /** True while replaying what had been settled already: sessions that open now stay silent. */
  readonly isQuiet: boolean;
}

/** Runner time at which the session needs attention next: flush a change, close, or forget. */
function dueTime(session: LiveSession, limits: LiveLimits): number {
  const next = session.isClosed ? forgetTime(session, limits) : session.closesAt + 1;
  if (!session.isChanged || session.isSilent || session.emittedAt === null) return next;
  return Math.min(next, session.emittedAt + limits.throttleMs);
}

/** Runner time at which the session is forgotten. */
export function forgetTime(session: LiveSession, limits: LiveLimits): number {
  // Always after it closes, however short the lateness bound.
  return Math.max(session.closesAt + 1, Math.max(session.facts.end, session.facts.lastReceivedAt) + limits.keepMs) + 1;
}

/** The earliest due time of a state; null without sessions. */
export function dueOf(sessions: readonly LiveSession[], limits: LiveLimits): number | null {
  if (sessions.length === 0) return null;
  return sessions.reduce((earliest, session) => Math.min(earliest, dueTime(session, limits)), Number.POSITIVE_INFINITY);
}
