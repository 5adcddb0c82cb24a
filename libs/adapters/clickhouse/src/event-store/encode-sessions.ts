import { compareVersions, type SessionRow } from '@productgraph/contracts';
import { isStorableTime, monthOf, type RefusedRow } from '@productgraph/domain-event';
import { writeRow } from '../rows/table.ts';
import { SESSIONS } from '../rows/tables.ts';
import type { Encoding } from './encoding.ts';
import { nobodysOwner } from './owners.ts';
import { groupRows, type Grouped, type Place } from './row-groups.ts';
import { shardOf } from './routing.ts';

/** Highest version per part of a session: lower ones would only be there to be replaced. */
function highestVersions(sessions: readonly SessionRow[], skip: ReadonlySet<number>): Map<string, number> {
  const highest = new Map<string, number>();
  for (const [index, session] of sessions.entries()) {
    if (skip.has(index)) continue;
    const { projectId, sessionId, userKey, lane, openedReceivedAt } = session;
    const key = JSON.stringify([projectId, sessionId, userKey, lane, openedReceivedAt]);
    const known = sessions[highest.get(key) ?? -1];
    if (known === undefined || compareVersions(session.version, known.version) > 0) highest.set(key, index);
  }
  return highest;
}

/** Rows of the sessions but for those in `skip`. Those of unknown projects are left out: their events are in quarantine. */
export function encodeSessions(
  sessions: readonly SessionRow[],
  encoding: Encoding,
  skip: ReadonlySet<number>,
): Grouped {
  const { owners, routing, sessions: writer } = encoding;
  const refused: RefusedRow[] = [];
  const places: Place[] = [];
  for (const index of highestVersions(sessions, skip).values()) {
    const session = sessions[index];
    if (session === undefined || (owners.get(session.projectId) ?? null) === null) continue;
    if (!isStorableTime(session.openedReceivedAt)) {
      const message = 'The time of receipt is before 2000 or after 2099';
      refused.push({ kind: 'session', index, code: 'timestamp_out_of_range', message });
      continue;
    }
    const shard = shardOf(routing, session.projectId, session.userKey);
    places.push({ index, shard, month: monthOf(session.openedReceivedAt) });
  }
  const grouped = groupRows(places, {
    kind: 'session',
    table: SESSIONS,
    writer,
    write: ({ index }) => {
      const session = sessions[index];
      if (session === undefined) return 'There is no such session';
      return writeRow(writer, SESSIONS, {
        session,
        ...(owners.get(session.projectId) ?? nobodysOwner(session.projectId)),
      });
    },
  });
  return { groups: grouped.groups, refused: [...refused, ...grouped.refused] };
}
