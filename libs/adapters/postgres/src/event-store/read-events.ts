import { type EventType, type SessionRow, type SessionState, type StoredEvent } from '@productgraph/contracts';
import type { ClientSessionSpan, TouchedUser, UserRange } from '@productgraph/domain-event';
import type { PoolClient } from 'pg';
import { EVENT_COLUMNS } from './event-rows.ts';
import { SESSION_COLUMNS } from './session-rows.ts';
import { columnList } from './staging.ts';

type Row = Readonly<Record<string, unknown>>;

const text = (row: Row, column: string): string => row[column] as string;
const textOrNull = (row: Row, column: string): string | null => row[column] as string | null;
const number = (row: Row, column: string): number => row[column] as number;
const numberOrNull = (row: Row, column: string): number | null => row[column] as number | null;
const time = (row: Row, column: string): number => (row[column] as Date).getTime();
const timeOrNull = (row: Row, column: string): number | null => (row[column] as Date | null)?.getTime() ?? null;

const EVENTS = columnList(EVENT_COLUMNS);
const SESSIONS = columnList(SESSION_COLUMNS);

/** A row of `events` (json columns as text, see RESULT_TYPES) as the domain sees it. */
export function eventFromRow(row: Row): StoredEvent {
  return {
    projectId: text(row, 'project_id'),
    eventId: text(row, 'event_id'),
    type: text(row, 'type') as EventType,
    name: textOrNull(row, 'name'),
    timestamp: time(row, 'timestamp'),
    originalTimestamp: timeOrNull(row, 'original_timestamp'),
    sentAt: timeOrNull(row, 'sent_at'),
    receivedAt: time(row, 'received_at'),
    sequence: number(row, 'sequence'),
    sessionId: textOrNull(row, 'session_id'),
    userId: textOrNull(row, 'user_id'),
    anonymousId: textOrNull(row, 'anonymous_id'),
    userKey: text(row, 'user_key'),
    ...pageAndInteraction(row),
    journeyId: textOrNull(row, 'journey_id'),
    stepId: textOrNull(row, 'step_id'),
    stepName: textOrNull(row, 'step_name'),
    apiMethod: textOrNull(row, 'api_method'),
    apiRoute: textOrNull(row, 'api_route'),
    apiStatus: numberOrNull(row, 'api_status'),
    apiDurationMs: numberOrNull(row, 'api_duration_ms'),
    errorType: textOrNull(row, 'error_type'),
    errorMessage: textOrNull(row, 'error_message'),
    errorStack: textOrNull(row, 'error_stack'),
    durationMs: numberOrNull(row, 'duration_ms'),
    userAgent: textOrNull(row, 'user_agent'),
    utmSource: textOrNull(row, 'utm_source'),
    utmMedium: textOrNull(row, 'utm_medium'),
    utmCampaign: textOrNull(row, 'utm_campaign'),
    properties: text(row, 'properties'),
    context: text(row, 'context'),
    groups: text(row, 'groups'),
    flags: number(row, 'flags'),
    lane: number(row, 'lane'),
  };
}

type PageAndInteraction = Pick<StoredEvent, Extract<keyof StoredEvent, `page${string}` | `ui${string}`>>;

function pageAndInteraction(row: Row): PageAndInteraction {
  return {
    pagePath: textOrNull(row, 'page_path'),
    pageTitle: textOrNull(row, 'page_title'),
    pageUrl: textOrNull(row, 'page_url'),
    pageReferrer: textOrNull(row, 'page_referrer'),
    uiComponentName: textOrNull(row, 'ui_component_name'),
    uiComponentPath: textOrNull(row, 'ui_component_path'),
    uiComponentType: textOrNull(row, 'ui_component_type'),
    uiAction: textOrNull(row, 'ui_action'),
    uiElement: textOrNull(row, 'ui_element'),
    uiElementText: textOrNull(row, 'ui_element_text'),
    uiStateKey: textOrNull(row, 'ui_state_key'),
    uiStateBefore: textOrNull(row, 'ui_state_before'),
    uiStateAfter: textOrNull(row, 'ui_state_after'),
  };
}

/** A row of `sessions` as the domain sees it. */
function sessionFromRow(row: Row): SessionRow {
  return {
    projectId: text(row, 'project_id'),
    sessionId: text(row, 'session_id'),
    userKey: text(row, 'user_key'),
    lane: number(row, 'lane'),
    version: {
      revision: number(row, 'revision'),
      generation: number(row, 'generation'),
      offset: number(row, 'log_offset'),
      rank: number(row, 'rank'),
    },
    state: text(row, 'state') as SessionState,
    mergedInto: textOrNull(row, 'merged_into'),
    userId: textOrNull(row, 'user_id'),
    anonymousId: textOrNull(row, 'anonymous_id'),
    openedReceivedAt: time(row, 'opened_received_at'),
    start: time(row, 'started_at'),
    end: time(row, 'ended_at'),
    events: number(row, 'events'),
    pageViews: number(row, 'page_views'),
    errors: number(row, 'errors'),
    entryPath: textOrNull(row, 'entry_path'),
    exitPath: textOrNull(row, 'exit_path'),
    referrer: textOrNull(row, 'referrer'),
    utmSource: textOrNull(row, 'utm_source'),
    utmMedium: textOrNull(row, 'utm_medium'),
    utmCampaign: textOrNull(row, 'utm_campaign'),
    userAgent: textOrNull(row, 'user_agent'),
    isBot: row.is_bot as boolean,
    lateEvents: number(row, 'late_events'),
  };
}

const rangeOf = ({ projectId, userKey, from, to }: UserRange): unknown[] => [
  projectId,
  userKey,
  new Date(from),
  new Date(to),
];

/** A user's events with from ≤ timestamp < to. */
export async function userEvents(client: PoolClient, range: UserRange): Promise<StoredEvent[]> {
  const { rows } = await client.query<Row>(
    `SELECT ${EVENTS} FROM events WHERE project_id = $1 AND user_key = $2 AND "timestamp" >= $3 AND "timestamp" < $4
     ORDER BY "timestamp", sequence, event_id`,
    rangeOf(range),
  );
  return rows.map(eventFromRow);
}

/** The user's session parts that overlap [from, to); a part ends at its last event, which belongs to it. */
export async function userSessions(client: PoolClient, range: UserRange): Promise<SessionRow[]> {
  const { rows } = await client.query<Row>(
    `SELECT ${SESSIONS} FROM sessions WHERE project_id = $1 AND user_key = $2 AND ended_at >= $3 AND started_at < $4
     ORDER BY started_at, session_id, lane`,
    rangeOf(range),
  );
  return rows.map(sessionFromRow);
}

/** Users with events of the log partition received in [from, to): read by the block range index, as rows lie in order of receipt. */
export async function touchedUsers(
  client: PoolClient,
  { partition, from, to }: { readonly partition: number; readonly from: number; readonly to: number },
): Promise<TouchedUser[]> {
  const { rows } = await client.query<{ projectId: string; userKey: string; first: Date; last: Date; events: number }>(
    `SELECT project_id AS "projectId", user_key AS "userKey", min("timestamp") AS first, max("timestamp") AS last, count(*) AS events
     FROM events WHERE log_partition = $1 AND received_at >= $2 AND received_at < $3
     GROUP BY project_id, user_key ORDER BY project_id, user_key`,
    [partition, new Date(from), new Date(to)],
  );
  return rows.map(({ projectId, userKey, first, last, events }) => ({
    projectId,
    userKey,
    from: first.getTime(),
    to: last.getTime() + 1,
    events,
  }));
}

export interface SpanQuery {
  readonly projectId: string;
  readonly userKey: string;
  readonly sessionIds: readonly string[];
}

/** Extent of client session ids among all of the user's events. */
export async function sessionSpans(client: PoolClient, query: SpanQuery): Promise<ClientSessionSpan[]> {
  const { rows } = await client.query<{ sessionId: string; first: Date; last: Date; received: Date; events: number }>(
    `SELECT session_id AS "sessionId", min("timestamp") AS first, max("timestamp") AS last, max(received_at) AS received,
       count(*) AS events
     FROM events WHERE project_id = $1 AND user_key = $2 AND session_id = ANY ($3)
     GROUP BY session_id ORDER BY session_id`,
    [query.projectId, query.userKey, query.sessionIds],
  );
  return rows.map(({ sessionId, first, last, received, events }) => ({
    sessionId,
    from: first.getTime(),
    to: last.getTime() + 1,
    events,
    lastReceivedAt: received.getTime(),
  }));
}
