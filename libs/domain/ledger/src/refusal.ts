import { createHash } from 'node:crypto';
import {
  uuidv7,
  type ErrorCode,
  type NativeField,
  type QuarantineEntry,
  type SessionRow,
  type StoredEvent,
} from '@productgraph/contracts';

/** Greatest size of an entry's payload, bytes. */
export const MAX_PAYLOAD_BYTES = 100 * 1024;

/** Where in the log a refused row came from. */
export interface RefusedAt {
  readonly partition: number;
  readonly offset: number;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

const TEXT_FIELDS: readonly (readonly [NativeField, keyof StoredEvent])[] = [
  ['event_id', 'eventId'],
  ['event.type', 'type'],
  ['event.name', 'name'],
  ['event.timestamp', 'timestamp'],
  ['event.sequence', 'sequence'],
  ['session.id', 'sessionId'],
  ['user.id', 'userId'],
  ['anonymous.id', 'anonymousId'],
  ['page.path', 'pagePath'],
  ['page.title', 'pageTitle'],
  ['page.url', 'pageUrl'],
  ['page.referrer', 'pageReferrer'],
  ['ui.component.name', 'uiComponentName'],
  ['ui.component.path', 'uiComponentPath'],
  ['ui.component.type', 'uiComponentType'],
  ['ui.action', 'uiAction'],
  ['ui.element', 'uiElement'],
  ['ui.element.text', 'uiElementText'],
  ['ui.state.key', 'uiStateKey'],
  ['gen_ai.journey.id', 'journeyId'],
  ['gen_ai.step.id', 'stepId'],
  ['gen_ai.step.name', 'stepName'],
  ['api.method', 'apiMethod'],
  ['api.route', 'apiRoute'],
  ['api.status', 'apiStatus'],
  ['api.duration_ms', 'apiDurationMs'],
  ['error.type', 'errorType'],
  ['error.message', 'errorMessage'],
  ['error.stack', 'errorStack'],
  ['duration_ms', 'durationMs'],
];

/** These hold JSON text already: it goes out as it came in. */
const JSON_FIELDS: readonly (readonly [NativeField, keyof StoredEvent])[] = [
  ['ui.state.before', 'uiStateBefore'],
  ['ui.state.after', 'uiStateAfter'],
  ['properties', 'properties'],
  ['context', 'context'],
  ['groups', 'groups'],
];

/** A stored event as the native wire's flat JSON, numbers and strings of its objects exact: what a replay sends again. */
export function nativeTextOf(event: StoredEvent): string {
  const parts: string[] = [];
  for (const [wire, field] of TEXT_FIELDS) {
    if (event[field] !== null) parts.push(`${JSON.stringify(wire)}:${JSON.stringify(event[field])}`);
  }
  for (const [wire, field] of JSON_FIELDS) {
    if (event[field] !== null) parts.push(`${JSON.stringify(wire)}:${String(event[field])}`);
  }
  return `{${parts.join(',')}}`;
}

/** Made from the place in the log and the identity of the row: a repeat of the block makes the same id. */
function refusalId(receivedAt: number, at: RefusedAt, identity: string): string {
  const digest = createHash('sha256').update(`${at.partition}:${at.offset}:${identity}`).digest();
  return uuidv7(Number.isFinite(receivedAt) ? Math.max(0, receivedAt) : 0, digest.subarray(0, 10));
}

const cut = (text: string): string =>
  Buffer.byteLength(text) <= MAX_PAYLOAD_BYTES
    ? text
    : Buffer.from(text)
        .subarray(0, MAX_PAYLOAD_BYTES)
        .toString('utf8')
        .replace(/\uFFFD$/u, '');

/** The quarantine entry of an event that the store refused. */
export function refusedEvent(event: StoredEvent, at: RefusedAt, refusal: Refusal): QuarantineEntry {
  return {
    id: refusalId(event.receivedAt, at, `event:${event.projectId}:${event.eventId}:${event.timestamp}`),
    projectId: event.projectId,
    receivedAt: event.receivedAt,
    stage: 'store',
    code: refusal.code,
    message: refusal.message,
    eventId: event.eventId,
    payload: cut(nativeTextOf(event)),
    position: at.offset,
    source: `log partition ${at.partition} offset ${at.offset}`,
    traceId: null,
  };
}

/** The quarantine entry of a session row that the store refused: a fault of ours, kept for whoever looks into it. */
export function refusedSession(row: SessionRow, at: RefusedAt, refusal: Refusal): QuarantineEntry {
  const { projectId, sessionId, userKey, lane, openedReceivedAt } = row;
  return {
    id: refusalId(openedReceivedAt, at, `session:${projectId}:${sessionId}:${userKey}:${lane}`),
    projectId,
    receivedAt: openedReceivedAt,
    stage: 'store',
    code: refusal.code,
    message: `session ${sessionId}: ${refusal.message}`,
    eventId: null,
    payload: cut(JSON.stringify(row)),
    position: at.offset,
    source: `log partition ${at.partition} offset ${at.offset}`,
    traceId: null,
  };
}
