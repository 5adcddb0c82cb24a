import {
  compareEvents,
  compareText,
  compareVersions,
  EVENT_FLAGS,
  type SessionRow,
  type StoredEvent,
} from '@productgraph/contracts';
import { mergeSessions, type MergedSession, type Scope } from '@productgraph/domain-query';
import type { EventRow } from './event-row.ts';
import { matches } from './filters.ts';

/** Where the engine reads from; asked anew for every question. */
export interface MemoryQuerySource {
  /** Stored events of all projects, in any order. */
  events(): readonly StoredEvent[];
  /** Session rows of all projects, any versions. */
  sessions(): readonly SessionRow[];
  /** The organisation that a project belongs to, null when there is no such project. */
  orgOf(projectId: string): string | null;
  /** Answers about times before this are final (Unix ms); null = nothing is settled yet. */
  settledUpTo(projectId: string): number | null;
}

/** What one question sees: its project's rows, in total order, if the project is the asker's. */
export interface ProjectRows {
  readonly events: readonly EventRow[];
  readonly sessions: readonly MergedSession[];
  /** Highest versions of session parts. */
  readonly parts: readonly SessionRow[];
}

export function projectRows(source: MemoryQuerySource, orgId: string, projectId: string): ProjectRows {
  if (source.orgOf(projectId) !== orgId) return { events: [], sessions: [], parts: [] };
  const parts = latestParts(source.sessions().filter((row) => row.projectId === projectId));
  const sessions = mergeSessions(parts);
  const events = source
    .events()
    .filter((event) => event.projectId === projectId)
    .sort(compareEvents)
    .map((event) => ({ event, session: sessionAround(event, parts, sessions) }));
  return { events, sessions, parts };
}

function latestParts(rows: readonly SessionRow[]): SessionRow[] {
  const latest = new Map<string, SessionRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.sessionId, row.userKey, row.lane]);
    const known = latest.get(key);
    if (known === undefined || compareVersions(known.version, row.version) < 0) latest.set(key, row);
  }
  return [...latest.values()].filter((row) => row.state !== 'merged');
}

/**
 * The session with a part of the event's user around the event's time. Of several: the one the client named, else the
 * one that started last, else the one with the smallest id.
 */
function sessionAround(
  event: StoredEvent,
  parts: readonly SessionRow[],
  sessions: readonly MergedSession[],
): MergedSession | null {
  const named = (part: SessionRow): number => (part.sessionId === event.sessionId ? 0 : 1);
  const [part] = parts
    .filter((p) => p.userKey === event.userKey && p.start <= event.timestamp && event.timestamp <= p.end)
    .sort((a, b) => named(a) - named(b) || b.start - a.start || compareText(a.sessionId, b.sessionId));
  if (part === undefined) return null;
  const ofId = sessions.filter((session) => session.sessionId === part.sessionId);
  return ofId.find((session) => session.part === '' || session.part === part.userKey) ?? null;
}

/** Names a session: what distinct sessions are counted by. */
export function sessionKey(session: MergedSession): string {
  return JSON.stringify([session.sessionId, session.part]);
}

function isBot(event: StoredEvent): boolean {
  return (event.flags & EVENT_FLAGS.bot) !== 0;
}

/** Rows of the question's range that pass its filter. */
export function rowsInScope(rows: ProjectRows, scope: Scope): EventRow[] {
  return rows.events
    .filter(({ event }) => event.timestamp >= scope.from && event.timestamp < scope.to)
    .filter((row) => passes(row, scope));
}

/** The scope's filter and its view on bots; the range apart. */
export function passes(row: EventRow, scope: Scope): boolean {
  return (scope.includeBots || !isBot(row.event)) && matches(scope.filter, row);
}
