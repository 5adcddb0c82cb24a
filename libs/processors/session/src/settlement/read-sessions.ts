import { compareVersions, type SessionRow } from '@productgraph/contracts';
import type { EventStore, UserRange } from '@productgraph/domain-event';
import {
  createSessionizer,
  partKey,
  type ExactSession,
  type SessionizeOptions,
  type SessionSettings,
} from '@productgraph/domain-session';

/** Events that one reading may hold in memory, at a guess. */
const EVENTS_PER_READING = 20_000;

export interface ReadOptions extends SessionizeOptions {
  readonly settings: SessionSettings;
  /** Guess at the number of events in the range: long histories are read in parts. */
  readonly expectedEvents: number;
  /** Only events of this client session. */
  readonly clientId?: string;
}

/** Exact sessions of a user's stored events in the range. */
export async function readSessions(
  store: Pick<EventStore, 'userEvents'>,
  range: UserRange,
  { settings, expectedEvents, clientId, ...options }: ReadOptions,
): Promise<ExactSession[]> {
  const sessionizer = createSessionizer(settings, options);
  const parts = Math.max(1, Math.ceil(expectedEvents / EVENTS_PER_READING));
  const width = Math.max(1, Math.ceil((range.to - range.from) / parts));
  for (let from = range.from; from < range.to; from += width) {
    for (const event of await store.userEvents({ ...range, from, to: Math.min(from + width, range.to) })) {
      if (clientId === undefined || event.sessionId === clientId) sessionizer.add(event);
    }
  }
  return sessionizer.sessions();
}

/** Highest version per part: a part whose live state was lost between may have rows in two months. */
export async function readRows(store: Pick<EventStore, 'userSessions'>, range: UserRange): Promise<SessionRow[]> {
  const highest = new Map<string, SessionRow>();
  for (const row of await store.userSessions(range)) {
    const known = highest.get(partKey(row));
    if (known === undefined || compareVersions(row.version, known.version) > 0) highest.set(partKey(row), row);
  }
  return [...highest.values()];
}

/** Events that these rows stand for. */
export function countEvents(rows: readonly SessionRow[]): number {
  return rows.reduce((sum, row) => sum + (row.state === 'merged' ? 0 : row.events), 0);
}
