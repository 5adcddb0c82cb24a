/** What delimits sessions that are made here; per project. */
export interface SessionSettings {
  /** A gap longer than this ends a session; a gap of exactly this does not. Milliseconds. */
  readonly idleMs: number;
  /** A session is at most this long, measured between its first and last event. Milliseconds. */
  readonly maxMs: number;
}

const MINUTE = 60_000;

/** 30 minutes idle, 24 hours at most. */
export const DEFAULT_SESSION_SETTINGS: SessionSettings = { idleMs: 30 * MINUTE, maxMs: 24 * 60 * MINUTE };

/** Settings from a project's own units. */
export function sessionSettings(project: {
  readonly sessionIdleMinutes: number;
  readonly sessionMaxHours: number;
}): SessionSettings {
  return { idleMs: project.sessionIdleMinutes * MINUTE, maxMs: project.sessionMaxHours * 60 * MINUTE };
}

/**
 * Time of receipt up to which a session stays open: `idleMs` after its last event or last receipt, whichever is later.
 * A session with a client's id also closes `maxMs` after it was first heard of; sessions made here are cut instead.
 */
export function closingTime(
  facts: { readonly end: number; readonly firstReceivedAt: number; readonly lastReceivedAt: number },
  isClient: boolean,
  settings: SessionSettings,
): number {
  const idle = Math.max(facts.end, facts.lastReceivedAt) + settings.idleMs;
  return isClient ? Math.min(idle, facts.firstReceivedAt + settings.maxMs) : idle;
}
