import type { StoredEvent } from '@productgraph/contracts';
import { column, type Column } from './columns.ts';

/** Where a row belongs besides what the event says. */
export interface EventPlace {
  /** Organisation and project as bytes of `uuidBytes`. */
  readonly org: Uint8Array;
  readonly project: Uint8Array;
  readonly topic: string;
  readonly generation: number;
  readonly partition: number;
  readonly offset: number;
  /** Which event of its record, from 0, duplicates of the window not counted. */
  readonly index: number;
}

/** An event and its place, as a row of `events`. */
export interface EventLine {
  readonly event: StoredEvent;
  readonly place: EventPlace;
}

const { text, label, optionalText, optionalLabel, json, optionalJson, time, optionalTime } = column;

/** Columns of `events_local` in the order in which they are sent. */
export const EVENT_COLUMNS: readonly Column<EventLine>[] = [
  time('timestamp', ({ event }) => event.timestamp),
  time('received_at', ({ event }) => event.receivedAt),
  column.int64('sequence', ({ event }) => event.sequence),
  column.int64('log_offset', ({ place }) => place.offset),
  column.int32('log_index', ({ place }) => place.index),
  column.int32('log_generation', ({ place }) => place.generation),
  column.int32('log_partition', ({ place }) => place.partition),
  label('log_topic', ({ place }) => place.topic),
  column.int16('flags', ({ event }) => event.flags),
  column.int16('lane', ({ event }) => event.lane),
  column.uuid('org_id', ({ place }) => place.org),
  column.uuid('project_id', ({ place }) => place.project),
  text('event_id', ({ event }) => event.eventId),
  label('type', ({ event }) => event.type),
  text('user_key', ({ event }) => event.userKey),
  json('properties', ({ event }) => event.properties),
  json('context', ({ event }) => event.context),
  json('groups', ({ event }) => event.groups),
  optionalLabel('name', ({ event }) => event.name),
  optionalText('user_id', ({ event }) => event.userId),
  optionalText('anonymous_id', ({ event }) => event.anonymousId),
  optionalText('session_id', ({ event }) => event.sessionId),
  optionalText('page_path', ({ event }) => event.pagePath),
  optionalText('page_title', ({ event }) => event.pageTitle),
  optionalText('page_url', ({ event }) => event.pageUrl),
  optionalText('page_referrer', ({ event }) => event.pageReferrer),
  optionalLabel('ui_component_name', ({ event }) => event.uiComponentName),
  optionalLabel('ui_component_path', ({ event }) => event.uiComponentPath),
  optionalLabel('ui_component_type', ({ event }) => event.uiComponentType),
  optionalLabel('ui_action', ({ event }) => event.uiAction),
  optionalLabel('ui_element', ({ event }) => event.uiElement),
  optionalText('ui_element_text', ({ event }) => event.uiElementText),
  optionalLabel('ui_state_key', ({ event }) => event.uiStateKey),
  optionalJson('ui_state_before', ({ event }) => event.uiStateBefore),
  optionalJson('ui_state_after', ({ event }) => event.uiStateAfter),
  optionalLabel('journey_id', ({ event }) => event.journeyId),
  optionalLabel('step_id', ({ event }) => event.stepId),
  optionalLabel('step_name', ({ event }) => event.stepName),
  optionalLabel('api_method', ({ event }) => event.apiMethod),
  optionalText('api_route', ({ event }) => event.apiRoute),
  optionalLabel('error_type', ({ event }) => event.errorType),
  optionalText('error_message', ({ event }) => event.errorMessage),
  optionalText('error_stack', ({ event }) => event.errorStack),
  optionalLabel('user_agent', ({ event }) => event.userAgent),
  optionalLabel('utm_source', ({ event }) => event.utmSource),
  optionalLabel('utm_medium', ({ event }) => event.utmMedium),
  optionalLabel('utm_campaign', ({ event }) => event.utmCampaign),
  column.optionalInt16('api_status', ({ event }) => event.apiStatus),
  column.optionalFloat('api_duration_ms', ({ event }) => event.apiDurationMs),
  column.optionalFloat('duration_ms', ({ event }) => event.durationMs),
  optionalTime('original_timestamp', ({ event }) => event.originalTimestamp),
  optionalTime('sent_at', ({ event }) => event.sentAt),
];
