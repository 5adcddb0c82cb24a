import { isStorableTime } from '@productgraph/domain-event';
import { compareVersions, type SessionRow } from '@productgraph/contracts';
import { refusedSession, type Refusal, type RefusedAt } from '@productgraph/domain-ledger';
import type { QuarantineEntry } from '@productgraph/contracts';
import type { PoolClient } from 'pg';
import type { CopyWriter } from './copy-writer.ts';
import { refusalOf } from './faults.ts';
import type { Owner, Owners } from './owners.ts';
import { columnList, copyInto, createStaging, insertAround, stagingName, type Staged } from './staging.ts';

/** Columns of `sessions` in the order in which {@link writeSessionRow} writes them. */
export const SESSION_COLUMNS = [
  'opened_received_at', 'started_at', 'ended_at', 'log_offset', 'rank', 'revision', 'generation',
  'events', 'page_views', 'errors', 'late_events', 'lane', 'is_bot', 'org_id', 'project_id',
  'session_id', 'user_key', 'state', 'merged_into', 'user_id', 'anonymous_id', 'entry_path', 'exit_path', 'referrer',
  'utm_source', 'utm_medium', 'utm_campaign', 'user_agent',
] as const; // prettier-ignore

const KEY = ['project_id', 'session_id', 'user_key', 'lane', 'opened_received_at'];
const VERSION = ['revision', 'generation', 'log_offset', 'rank'];

const SESSIONS: Staged = { table: 'sessions', columns: SESSION_COLUMNS };
const STAGING = stagingName(SESSIONS);
const COLUMNS = columnList(SESSION_COLUMNS);
const row = (alias: string): string => `(${VERSION.map((column) => `${alias}.${column}`).join(', ')})`;

/** In order of keys, so that two writers cannot deadlock; a version that is not higher changes nothing. */
const MOVE_STAGED = `
  INSERT INTO sessions AS stored (${COLUMNS})
  SELECT ${COLUMNS} FROM ${STAGING} ORDER BY ${KEY.join(', ')}
  ON CONFLICT (${KEY.join(', ')}) DO UPDATE SET
    ${SESSION_COLUMNS.filter((column) => !KEY.includes(column))
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}
  WHERE ${row('excluded')} > ${row('stored')}`;

function writeSessionRow(to: CopyWriter, s: SessionRow, owner: Owner): void {
  to.beginRow(SESSION_COLUMNS.length);
  to.time(s.openedReceivedAt);
  to.time(s.start);
  to.time(s.end);
  to.int8(s.version.offset);
  to.int8(s.version.rank);
  to.int4(s.version.revision);
  to.int4(s.version.generation);
  to.int4(s.events);
  to.int4(s.pageViews);
  to.int4(s.errors);
  to.int4(s.lateEvents);
  to.int2(s.lane);
  to.bool(s.isBot);
  to.uuid(owner.org);
  to.uuid(owner.project);
  to.text(s.sessionId);
  to.text(s.userKey);
  to.text(s.state);
  to.text(s.mergedInto);
  to.text(s.userId);
  to.text(s.anonymousId);
  to.text(s.entryPath);
  to.text(s.exitPath);
  to.text(s.referrer);
  to.text(s.utmSource);
  to.text(s.utmMedium);
  to.text(s.utmCampaign);
  to.text(s.userAgent);
}

/** Highest version per part of a session: one statement may touch a row only once. */
function highestVersions(sessions: readonly SessionRow[]): SessionRow[] {
  const highest = new Map<string, SessionRow>();
  for (const session of sessions) {
    const { projectId, sessionId, userKey, lane, openedReceivedAt } = session;
    const key = JSON.stringify([projectId, sessionId, userKey, lane, openedReceivedAt]);
    const known = highest.get(key);
    if (known === undefined || compareVersions(session.version, known.version) > 0) highest.set(key, session);
  }
  return [...highest.values()];
}

/** Session rows ready to be sent. */
export interface EncodedSessions {
  readonly rows: readonly SessionRow[];
  readonly copy: CopyWriter;
  readonly refused: readonly QuarantineEntry[];
  readonly at: RefusedAt;
}

/** Rows of unknown projects are left out: their events are in quarantine. */
export function encodeSessions(
  sessions: readonly SessionRow[],
  { owners, to, at }: { readonly owners: Owners; readonly to: CopyWriter; readonly at: RefusedAt },
): EncodedSessions {
  const rows: SessionRow[] = [];
  const refused: QuarantineEntry[] = [];
  for (const session of highestVersions(sessions)) {
    const owner = owners.get(session.projectId) ?? null;
    if (owner === null) continue;
    const refusal = encode(session, owner, to);
    if (refusal === null) rows.push(session);
    else refused.push(refusedSession(session, at, refusal));
  }
  return { rows, copy: to, refused, at };
}

function encode(session: SessionRow, owner: Owner, to: CopyWriter): Refusal | null {
  if (!isStorableTime(session.openedReceivedAt)) {
    return { code: 'timestamp_out_of_range', message: 'The time of receipt is before 2000 or after 2099' };
  }
  try {
    writeSessionRow(to, session, owner);
    return null;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    to.abandonRow();
    return refusal;
  }
}

/** Stores what is newer than what is there. Answers entries for rows that the store refused. */
export async function upsertSessions(client: PoolClient, sessions: EncodedSessions): Promise<QuarantineEntry[]> {
  const { rows, copy, at } = sessions;
  const refused = [...sessions.refused];
  if (rows.length === 0) return refused;
  await client.query(createStaging(SESSIONS));
  await insertAround(
    client,
    { first: 0, end: rows.length },
    {
      insert: async ({ first, end }) => {
        await copyInto(client, { table: STAGING, columns: SESSION_COLUMNS }, copy.chunks(first, end));
        await client.query(MOVE_STAGED);
        if (end - first < rows.length) await client.query(`TRUNCATE ${STAGING}`);
      },
      refuse: (index, refusal) => {
        const session = rows[index];
        if (session !== undefined) refused.push(refusedSession(session, at, refusal));
      },
    },
  );
  return refused;
}
