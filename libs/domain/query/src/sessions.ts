import { compareText, type SessionRow } from '@productgraph/contracts';
import type { SessionSummary } from './answers.ts';

/** More users than this under one session id on one UTC day: the id is a constant that many share, and is not merged. */
export const SHARED_SESSION_USERS = 20;

const DAY = 86_400_000;

export interface MergedSession extends SessionSummary {
  /** The one user key of a shared id's session, else empty: with `sessionId` it names the session. */
  readonly part: string;
}

/**
 * Merges parts into sessions: one per session id, or per (id, user key) where the id is shared.
 * @param parts highest versions of all parts of the ids in question; merged-away ones (`state` merged) are left out
 */
export function mergeSessions(parts: readonly SessionRow[]): MergedSession[] {
  const live = parts.filter((part) => part.state !== 'merged');
  const shared = sharedIds(live);
  const groups = new Map<string, { part: string; rows: SessionRow[] }>();
  for (const row of live) {
    const part = shared.has(row.sessionId) ? row.userKey : '';
    const key = JSON.stringify([row.sessionId, part]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { part, rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()].map(({ part, rows }) => merge(part, rows));
}

function sharedIds(parts: readonly SessionRow[]): Set<string> {
  const users = new Map<string, Set<string>>();
  for (const { sessionId, start, userKey } of parts) {
    const day = `${Math.floor(start / DAY)} ${sessionId}`;
    const keys = users.get(day) ?? new Set();
    users.set(day, keys.add(userKey));
  }
  const shared = new Set<string>();
  for (const [day, keys] of users) if (keys.size > SHARED_SESSION_USERS) shared.add(day.slice(day.indexOf(' ') + 1));
  return shared;
}

function merge(part: string, rows: readonly SessionRow[]): MergedSession {
  const byStart = rows.toSorted((a, b) => a.start - b.start || compareParts(a, b));
  const byEnd = rows.toSorted((a, b) => b.end - a.end || compareParts(b, a));
  const first = (column: 'entryPath' | 'referrer' | 'utmSource' | 'utmMedium' | 'utmCampaign' | 'userAgent') =>
    byStart.find((row) => row[column] !== null)?.[column] ?? null;
  const sum = (column: 'events' | 'pageViews' | 'errors') => rows.reduce((total, row) => total + row[column], 0);
  const start = Math.min(...rows.map((row) => row.start));
  const end = Math.max(...rows.map((row) => row.end));
  const [events, pageViews] = [sum('events'), sum('pageViews')];
  return {
    sessionId: rows[0]?.sessionId ?? '',
    part,
    userKeys: [...new Set(rows.map((row) => row.userKey))].sort(compareText),
    state: stateOf(rows),
    start,
    end,
    durationMs: end - start,
    events,
    pageViews,
    errors: sum('errors'),
    isBounce: isBounce(pageViews, events),
    entryPath: first('entryPath'),
    exitPath: byEnd.find((row) => row.exitPath !== null)?.exitPath ?? null,
    referrer: first('referrer'),
    utmSource: first('utmSource'),
    utmMedium: first('utmMedium'),
    utmCampaign: first('utmCampaign'),
    userAgent: first('userAgent'),
    isBot: rows.some((row) => row.isBot),
  };
}

function compareParts(a: SessionRow, b: SessionRow): number {
  return compareText(a.userKey, b.userKey) || a.lane - b.lane;
}

/** Open while any part is open; settled when all are. */
function stateOf(rows: readonly SessionRow[]): MergedSession['state'] {
  if (rows.some((row) => row.state === 'open')) return 'open';
  return rows.some((row) => row.state === 'closed') ? 'closed' : 'settled';
}

/** At most one page view and, without page views, at most one event. */
export function isBounce(pageViews: number, events: number): boolean {
  return pageViews === 0 ? events <= 1 : pageViews === 1;
}
