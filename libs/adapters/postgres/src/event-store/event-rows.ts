import type { StoredEvent } from '@productgraph/contracts';
import type { CopyWriter } from './copy-writer.ts';

/** Columns of `events` in the order in which {@link writeEventRow} writes them. */
export const EVENT_COLUMNS = [
  'timestamp', 'received_at', 'sequence', 'log_offset', 'log_partition', 'flags', 'lane', 'org_id', 'project_id',
  'event_id', 'type', 'user_key', 'properties', 'context', 'groups', 'name', 'user_id', 'anonymous_id', 'session_id',
  'page_path', 'page_title', 'page_url', 'page_referrer', 'ui_component_name', 'ui_component_path', 'ui_component_type',
  'ui_action', 'ui_element', 'ui_element_text', 'ui_state_key', 'ui_state_before', 'ui_state_after',
  'journey_id', 'step_id', 'step_name', 'api_method', 'api_route', 'error_type', 'error_message', 'error_stack',
  'user_agent', 'utm_source', 'utm_medium', 'utm_campaign', 'api_status', 'api_duration_ms', 'duration_ms',
  'original_timestamp', 'sent_at',
] as const; // prettier-ignore

/** Where a row belongs besides what the event says. */
export interface EventPlace {
  /** Organisation and project as UUID bytes. */
  readonly org: Uint8Array;
  readonly project: Uint8Array;
  readonly partition: number;
  readonly offset: number;
}

/**
 * One row of `events`.
 * @throws ValueOutOfRange when a number does not fit its column
 */
export function writeEventRow(to: CopyWriter, e: StoredEvent, place: EventPlace): void {
  to.beginRow(EVENT_COLUMNS.length);
  to.time(e.timestamp);
  to.time(e.receivedAt);
  to.int8(e.sequence);
  to.int8(place.offset);
  to.int4(place.partition);
  to.int2(e.flags);
  to.int2(e.lane);
  to.uuid(place.org);
  to.uuid(place.project);
  to.text(e.eventId);
  to.text(e.type);
  to.text(e.userKey);
  to.text(e.properties);
  to.text(e.context);
  to.text(e.groups);
  writeIdentityAndPage(to, e);
  writeInteraction(to, e);
  writeApiAndError(to, e);
  to.text(e.userAgent);
  to.text(e.utmSource);
  to.text(e.utmMedium);
  to.text(e.utmCampaign);
  writeNumbers(to, e);
}

function writeIdentityAndPage(to: CopyWriter, e: StoredEvent): void {
  to.text(e.name);
  to.text(e.userId);
  to.text(e.anonymousId);
  to.text(e.sessionId);
  to.text(e.pagePath);
  to.text(e.pageTitle);
  to.text(e.pageUrl);
  to.text(e.pageReferrer);
}

function writeInteraction(to: CopyWriter, e: StoredEvent): void {
  to.text(e.uiComponentName);
  to.text(e.uiComponentPath);
  to.text(e.uiComponentType);
  to.text(e.uiAction);
  to.text(e.uiElement);
  to.text(e.uiElementText);
  to.text(e.uiStateKey);
  to.text(e.uiStateBefore);
  to.text(e.uiStateAfter);
}

function writeApiAndError(to: CopyWriter, e: StoredEvent): void {
  to.text(e.journeyId);
  to.text(e.stepId);
  to.text(e.stepName);
  to.text(e.apiMethod);
  to.text(e.apiRoute);
  to.text(e.errorType);
  to.text(e.errorMessage);
  to.text(e.errorStack);
}

function writeNumbers(to: CopyWriter, e: StoredEvent): void {
  if (e.apiStatus === null) to.null();
  else to.int2(e.apiStatus);
  if (e.apiDurationMs === null) to.null();
  else to.float8(e.apiDurationMs);
  if (e.durationMs === null) to.null();
  else to.float8(e.durationMs);
  if (e.originalTimestamp === null) to.null();
  else to.time(e.originalTimestamp);
  if (e.sentAt === null) to.null();
  else to.time(e.sentAt);
}
