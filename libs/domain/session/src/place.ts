import { madeSessionId } from './made-id.ts';
import type { LiveSession } from './live-state.ts';
import type { SessionSettings } from './settings.ts';

/** Where an event goes: into a session, between two that it joins, or into a new one. */
export type Placement =
  | { readonly kind: 'into'; readonly session: LiveSession }
  | { readonly kind: 'bridge'; readonly left: LiveSession; readonly right: LiveSession }
  | { readonly kind: 'new' };

/**
 * Placement among sessions made here. In order of time this is exactly what `sessionize` does (gap longer than idle, or longer
 * than the maximum: new). Late events extend, fill or join sessions, but never cut one again: settlement does.
 */
export function placeMade(sessions: readonly LiveSession[], timestamp: number, settings: SessionSettings): Placement {
  const { inside, left, right } = neighbours(sessions, timestamp);
  if (inside !== null) return { kind: 'into', session: inside };
  const toLeft = left !== null && reachesForward(left, timestamp, settings) ? left : null;
  const toRight = right !== null && right.facts.start - timestamp <= settings.idleMs ? right : null;
  if (toLeft !== null && toRight !== null) return joined(toLeft, toRight, settings);
  const session = toLeft ?? toRight;
  return session === null ? { kind: 'new' } : { kind: 'into', session };
}

/** Two sessions that would be too long together stay two: the event goes to the first, as in order of time. */
function joined(left: LiveSession, right: LiveSession, { maxMs }: SessionSettings): Placement {
  const fits = right.facts.end - left.facts.start <= maxMs;
  return fits ? { kind: 'bridge', left, right } : { kind: 'into', session: left };
}

function reachesForward({ facts }: LiveSession, timestamp: number, { idleMs, maxMs }: SessionSettings): boolean {
  return timestamp - facts.end <= idleMs && timestamp - facts.start <= maxMs;
}

interface Neighbours {
  readonly inside: LiveSession | null;
  /** The nearest that ended before, and the nearest that started after. */
  readonly left: LiveSession | null;
  readonly right: LiveSession | null;
}

function neighbours(sessions: readonly LiveSession[], timestamp: number): Neighbours {
  let left: LiveSession | null = null;
  let right: LiveSession | null = null;
  for (const session of sessions) {
    const { start, end } = session.facts;
    if (session.isClient) continue;
    if (end < timestamp) left = left === null || end > left.facts.end ? session : left;
    else if (start > timestamp) right = right === null || start < right.facts.start ? session : right;
    else return { inside: session, left: null, right: null };
  }
  return { inside: null, left, right };
}

/** A client's session id alone delimits its session. */
export function placeClient(sessions: readonly LiveSession[], sessionId: string): Placement {
  const session = sessions.find((candidate) => candidate.isClient && candidate.id === sessionId);
  return session === undefined ? { kind: 'new' } : { kind: 'into', session };
}

/** Id of a session that this event opens. */
export function openingId(
  owner: { readonly projectId: string; readonly userKey: string },
  event: { readonly sessionId: string | null; readonly eventId: string },
): string {
  return event.sessionId ?? madeSessionId(owner, event.eventId);
}
