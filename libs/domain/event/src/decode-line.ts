import { type EventEnvelope, type EventType, type StoredEvent, userKeyOf } from '@productgraph/contracts';
import { type Campaign, campaignOf, NO_CAMPAIGN } from './campaign.ts';
import { EventReader } from './event-reader.ts';
import { SLOT } from './fields.ts';
import { realId } from './identity.ts';
import { mergeProperties } from './merge-properties.ts';
import { timeOf, userAgentOf } from './read-event.ts';

/** Longest text of a column that is taken from inside `context`; longer ones stay there only. */
const CONTEXT_TEXT = 8_192;
const COMMA = 44;
/** Index of `campaign` in the reader's context spans. */
const CAMPAIGN = 2;

const reader = new EventReader();
/** The line when all of it is ASCII: offsets are the same in text and bytes then, and slicing text is cheaper. */
let ascii: string | null = null;

function raw(start: number, end: number): string {
  return ascii === null ? reader.text(start, end) : ascii.slice(start, end);
}

/** Reads `[envelope,event]`. Answers the envelope; the reader holds the event then. */
function readLine(line: string): EventEnvelope {
  const { scan } = reader;
  const length = scan.loadString(line);
  ascii = length === line.length ? line : null;
  const envelopeEnd = scan.value(1);
  if (envelopeEnd < 0 || scan.bytes[envelopeEnd] !== COMMA) throw new SyntaxError('Not an event line: no envelope');
  if (reader.read(envelopeEnd + 1) !== length - 1) throw new SyntaxError('Not an event line: no event');
  return JSON.parse(raw(1, envelopeEnd)) as EventEnvelope;
}

/** JSON text of a field, null when it is not there. */
function json(slot: number): string | null {
  return reader.has(slot) ? raw(reader.starts[slot] ?? 0, reader.ends[slot] ?? 0) : null;
}

/** Text of a field that has passed its check as a string. */
function text(slot: number): string | null {
  if (!reader.has(slot)) return null;
  const start = reader.starts[slot] ?? 0;
  const end = reader.ends[slot] ?? 0;
  return reader.escaped[slot] === 0 ? raw(start + 1, end - 1) : reader.string(start, end);
}

function number(slot: number): number | null {
  const value = json(slot);
  return value === null ? null : Number(value);
}

const emptyToNull = (value: string | null): string | null => (value === '' ? null : value);

function contextText(value: string | null): string | null {
  return value === null || value.length > CONTEXT_TEXT ? null : value;
}

function campaign(): Campaign {
  const start = reader.contextStarts[CAMPAIGN] ?? 0;
  return start === 0 ? NO_CAMPAIGN : campaignOf(reader.text(start, reader.contextEnds[CAMPAIGN] ?? 0), CONTEXT_TEXT);
}

/**
 * One line of a record of schema `events/1` as every store and processor sees it. Ingestion has checked the event already; here only
 * the line's form is. `properties`, `context`, `groups` and `ui.state.*` are the client's own text.
 * @throws SyntaxError when the line is not `[envelope,event]`, or nobody did it
 */
// One line per column; spreading smaller objects into one would take longer than all the rest.
// eslint-disable-next-line max-lines-per-function
export function decodeEventLine(line: string): StoredEvent {
  const [projectId, eventId, receivedAt, timestamp, flags, lane, sentAt] = readLine(line);
  const userId = realId(text(SLOT['user.id']));
  const anonymousId = realId(text(SLOT['anonymous.id']));
  const sessionId = realId(text(SLOT['session.id']));
  const userKey = userKeyOf({ userId, anonymousId, sessionId });
  if (userKey === null) throw new SyntaxError('Not an event line: nobody did it');
  const { utmSource, utmMedium, utmCampaign } = campaign();
  return {
    projectId,
    eventId,
    type: text(SLOT['event.type']) as EventType,
    name: emptyToNull(text(SLOT['event.name'])),
    timestamp,
    originalTimestamp: timeOf(reader),
    sentAt,
    receivedAt,
    sequence: number(SLOT['event.sequence']) ?? 0,
    sessionId,
    userId,
    anonymousId,
    userKey,
    pagePath: text(SLOT['page.path']),
    pageTitle: text(SLOT['page.title']),
    pageUrl: text(SLOT['page.url']),
    pageReferrer: text(SLOT['page.referrer']),
    uiComponentName: text(SLOT['ui.component.name']),
    uiComponentPath: text(SLOT['ui.component.path']),
    uiComponentType: text(SLOT['ui.component.type']),
    uiAction: text(SLOT['ui.action']),
    uiElement: text(SLOT['ui.element']),
    uiElementText: text(SLOT['ui.element.text']),
    uiStateKey: text(SLOT['ui.state.key']),
    uiStateBefore: json(SLOT['ui.state.before']),
    uiStateAfter: json(SLOT['ui.state.after']),
    journeyId: text(SLOT['gen_ai.journey.id']),
    stepId: text(SLOT['gen_ai.step.id']),
    stepName: text(SLOT['gen_ai.step.name']),
    apiMethod: text(SLOT['api.method']),
    apiRoute: text(SLOT['api.route']),
    apiStatus: number(SLOT['api.status']),
    apiDurationMs: number(SLOT['api.duration_ms']),
    errorType: text(SLOT['error.type']),
    errorMessage: text(SLOT['error.message']),
    errorStack: text(SLOT['error.stack']),
    durationMs: number(SLOT.duration_ms),
    userAgent: contextText(userAgentOf(reader)),
    utmSource,
    utmMedium,
    utmCampaign,
    properties: mergeProperties(reader, json(SLOT.properties)),
    context: json(SLOT.context) ?? '{}',
    groups: json(SLOT.groups) ?? '{}',
    flags,
    lane,
  };
}
