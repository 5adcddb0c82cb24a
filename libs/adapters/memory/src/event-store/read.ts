import { compareEvents, type SessionRow, type StoredEvent } from '@productgraph/contracts';
import type { ClientSessionSpan, TouchedUser, UserRange } from '@productgraph/domain-event';
import type { StoreContents } from './contents.ts';

export function userEvents(contents: StoreContents, { projectId, userKey, from, to }: UserRange): StoredEvent[] {
  return [...contents.events.values()]
    .map(({ event }) => event)
    .filter((event) => event.projectId === projectId && event.userKey === userKey)
    .filter((event) => event.timestamp >= from && event.timestamp < to)
    .sort(compareEvents);
}

const compareSessions = (a: SessionRow, b: SessionRow): number =>
  a.start - b.start || (a.sessionId < b.sessionId ? -1 : a.sessionId > b.sessionId ? 1 : a.lane - b.lane);

export function userSessions(contents: StoreContents, { projectId, userKey, from, to }: UserRange): SessionRow[] {
  return [...contents.sessions.values()]
    .filter((session) => session.projectId === projectId && session.userKey === userKey)
    .filter((session) => session.end >= from && session.start < to)
    .sort(compareSessions);
}

interface ReceiptRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

export function touchedUsers(contents: StoreContents, { partition, from, to }: ReceiptRange): TouchedUser[] {
  const users = new Map<string, TouchedUser>();
  for (const { event, partition: logPartition } of contents.events.values()) {
    if (logPartition !== partition || event.receivedAt < from || event.receivedAt >= to) continue;
    const { projectId, userKey, timestamp } = event;
    const key = `${projectId}\0${userKey}`;
    const known = users.get(key) ?? { projectId, userKey, from: timestamp, to: timestamp + 1, events: 0 };
    users.set(key, {
      ...known,
      from: Math.min(known.from, timestamp),
      to: Math.max(known.to, timestamp + 1),
      events: known.events + 1,
    });
  }
  return [...users.keys()].sort().flatMap((key) => users.get(key) ?? []);
}

export interface SpanQuery {
  readonly projectId: string;
  readonly userKey: string;
  readonly sessionIds: readonly string[];
}

export function sessionSpans(
  contents: StoreContents,
  { projectId, userKey, sessionIds }: SpanQuery,
): ClientSessionSpan[] {
  const events = [...contents.events.values()]
    .map(({ event }) => event)
    .filter((event) => event.projectId === projectId && event.userKey === userKey);
  return [...new Set(sessionIds)].sort().flatMap((sessionId) => {
    const own = events.filter((event) => event.sessionId === sessionId);
    if (own.length === 0) return [];
    const times = own.map(({ timestamp }) => timestamp);
    return {
      sessionId,
      from: Math.min(...times),
      to: Math.max(...times) + 1,
      events: own.length,
      lastReceivedAt: Math.max(...own.map(({ receivedAt }) => receivedAt)),
    };
  });
}
