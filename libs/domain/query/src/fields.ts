import { EVENT_FLAGS, type StoredEvent } from '@productgraph/contracts';
import type { SessionSummary } from './answers.ts';
import type { JsonPlace } from './json-path.ts';
import type { FieldName } from './questions.ts';

/**
 * What a field holds: `time` = Unix milliseconds; `json` = any JSON value, each row its own kind.
 * Only `number`, `time` and `json` fields can be compared by size or summed.
 */
export type FieldType = 'text' | 'number' | 'time' | 'boolean' | 'json';

export type EventProperty = Exclude<
  keyof StoredEvent,
  'properties' | 'context' | 'groups' | 'flags' | 'lane' | 'projectId'
>;
export type JsonProperty = 'properties' | 'context' | 'groups';
export type SessionProperty = Exclude<keyof SessionSummary, 'userKeys'>;

/** Where a field's value lies. Stores map properties to their columns. */
export type FieldSource =
  | { readonly kind: 'event'; readonly property: EventProperty }
  | { readonly kind: 'flag'; readonly bit: number }
  | { readonly kind: 'json'; readonly property: JsonProperty; readonly place: JsonPlace }
  | { readonly kind: 'session'; readonly property: SessionProperty };

export interface Field {
  readonly name: FieldName;
  readonly type: FieldType;
  readonly source: FieldSource;
  readonly meaning: string;
}

type Row = readonly [name: string, type: FieldType, property: string, meaning: string];

const EVENT_ROWS: readonly Row[] = [
  ['event.id', 'text', 'eventId', 'The client’s id of the event'],
  ['event.type', 'text', 'type', 'One of the event types'],
  ['event.name', 'text', 'name', 'Name of a custom event'],
  ['event.timestamp', 'time', 'timestamp', 'Corrected time, the one that all questions use'],
  ['event.original_timestamp', 'time', 'originalTimestamp', 'Time as the client sent it'],
  ['event.received_at', 'time', 'receivedAt', 'Time of receipt'],
  ['event.sequence', 'number', 'sequence', 'The client’s order within one time'],
  ['session.id', 'text', 'sessionId', 'The client’s session id, never one made here'],
  ['user.id', 'text', 'userId', 'The user’s id'],
  ['anonymous.id', 'text', 'anonymousId', 'Id of the browser or device'],
  ['user.key', 'text', 'userKey', 'Who counts as one user: u: + user id, else a: + anonymous id, else s: + session id'],
  ['page.path', 'text', 'pagePath', 'Path of the page, without query'],
  ['page.title', 'text', 'pageTitle', 'Title of the page'],
  ['page.url', 'text', 'pageUrl', 'Whole address of the page'],
  ['page.referrer', 'text', 'pageReferrer', 'Address that led to the page'],
  ['ui.component.name', 'text', 'uiComponentName', 'Name of the component'],
  ['ui.component.path', 'text', 'uiComponentPath', 'Path of the component in the tree'],
  ['ui.component.type', 'text', 'uiComponentType', 'Kind of the component'],
  ['ui.action', 'text', 'uiAction', 'What was done'],
  ['ui.element', 'text', 'uiElement', 'Element acted on'],
  ['ui.element.text', 'text', 'uiElementText', 'Text of the element'],
  ['ui.state.key', 'text', 'uiStateKey', 'Which state changed'],
  ['ui.state.before', 'json', 'uiStateBefore', 'State before, JSON'],
  ['ui.state.after', 'json', 'uiStateAfter', 'State after, JSON'],
  ['gen_ai.journey.id', 'text', 'journeyId', 'Journey that the client names'],
  ['gen_ai.step.id', 'text', 'stepId', 'Step that the client names'],
  ['gen_ai.step.name', 'text', 'stepName', 'Name of that step'],
  ['api.method', 'text', 'apiMethod', 'HTTP method'],
  ['api.route', 'text', 'apiRoute', 'Route of the call'],
  ['api.status', 'number', 'apiStatus', 'HTTP status'],
  ['api.duration_ms', 'number', 'apiDurationMs', 'Duration of the call, ms'],
  ['error.type', 'text', 'errorType', 'Kind of the error'],
  ['error.message', 'text', 'errorMessage', 'Message of the error'],
  ['error.stack', 'text', 'errorStack', 'Stack of the error'],
  ['duration_ms', 'number', 'durationMs', 'Duration of what the event tells of, ms'],
  ['user_agent', 'text', 'userAgent', 'The client’s user agent'],
  ['utm_source', 'text', 'utmSource', 'Source of the campaign'],
  ['utm_medium', 'text', 'utmMedium', 'Medium of the campaign'],
  ['utm_campaign', 'text', 'utmCampaign', 'Name of the campaign'],
];

const FLAG_ROWS: readonly (readonly [name: string, bit: number, meaning: string])[] = [
  ['event.is_bot', EVENT_FLAGS.bot, 'The user agent is a known bot'],
  ['event.is_historical', EVENT_FLAGS.historical, 'Sent as historical'],
];

const SESSION_ROWS: readonly Row[] = [
  ['session.session_id', 'text', 'sessionId', 'Id of the session, the client’s or one made here'],
  ['session.state', 'text', 'state', 'open, closed or settled'],
  ['session.start', 'time', 'start', 'Time of its first event'],
  ['session.end', 'time', 'end', 'Time of its last event'],
  ['session.duration_ms', 'number', 'durationMs', 'From the first to the last event, ms'],
  ['session.events', 'number', 'events', 'Events in it'],
  ['session.page_views', 'number', 'pageViews', 'Page views in it'],
  ['session.errors', 'number', 'errors', 'Errors in it'],
  ['session.is_bounce', 'boolean', 'isBounce', 'At most one page view and, without page views, at most one event'],
  ['session.entry_path', 'text', 'entryPath', 'First page'],
  ['session.exit_path', 'text', 'exitPath', 'Last page'],
  ['session.referrer', 'text', 'referrer', 'Address that led to its first page'],
  ['session.utm_source', 'text', 'utmSource', 'Source of the campaign'],
  ['session.utm_medium', 'text', 'utmMedium', 'Medium of the campaign'],
  ['session.utm_campaign', 'text', 'utmCampaign', 'Name of the campaign'],
  ['session.user_agent', 'text', 'userAgent', 'User agent'],
  ['session.is_bot', 'boolean', 'isBot', 'The user agent is a known bot'],
];

/** Every field with a fixed name. `properties.<path>`, `context.<path>`, `groups.<type>` come on top. */
export const FIELDS: readonly Field[] = [
  ...EVENT_ROWS.map(([name, type, property, meaning]) => ({
    name,
    type,
    meaning,
    source: { kind: 'event', property: property as EventProperty } as const,
  })),
  ...FLAG_ROWS.map(([name, bit, meaning]) => ({
    name,
    type: 'boolean' as const,
    meaning,
    source: { kind: 'flag', bit } as const,
  })),
  ...SESSION_ROWS.map(([name, type, property, meaning]) => ({
    name,
    type,
    meaning,
    source: { kind: 'session', property: property as SessionProperty } as const,
  })),
];

const byName: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));
const JSON_FIELD = /^(properties|context|groups)\.(.+)$/s;

/** Levels of nesting that a field's path may have. */
const MAX_SEGMENTS = 16;

/** The field of that name, `null` when there is none. */
export function fieldOf(name: FieldName): Field | null {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const [, property, key] = JSON_FIELD.exec(name) ?? [];
  if (property === undefined || key === undefined || key.includes('\0')) return null;
  const path = property === 'groups' ? [key] : key.split('.');
  if (path.length > MAX_SEGMENTS) return null;
  return {
    name,
    type: 'json',
    meaning: `The value of ${key} in ${property}`,
    source: { kind: 'json', property: property as JsonProperty, place: { key, path } },
  };
}

/** True when the field is one of the session around an event: the store joins sessions for it. */
export function isSessionField(name: FieldName): boolean {
  return fieldOf(name)?.source.kind === 'session';
}
