import { userKeyOf, type StoredEvent } from '@productgraph/contracts';

const texts = {
  name: null, originalTimestamp: null, sentAt: null,
  pagePath: null, pageTitle: null, pageUrl: null, pageReferrer: null,
  uiComponentName: null, uiComponentPath: null, uiComponentType: null, uiAction: null, uiElement: null, uiElementText: null,
  uiStateKey: null, uiStateBefore: null, uiStateAfter: null,
  journeyId: null, stepId: null, stepName: null,
  apiMethod: null, apiRoute: null, apiStatus: null, apiDurationMs: null,
  errorType: null, errorMessage: null, errorStack: null, durationMs: null,
  userAgent: null, utmSource: null, utmMedium: null, utmCampaign: null,
} as const; // prettier-ignore

/** A page view with the given fields and nothing else. The user key follows from the ids unless given. */
export function storedEvent(fields: Partial<StoredEvent> & { readonly timestamp: number }): StoredEvent {
  const { userId = 'ann', anonymousId = null, sessionId = null } = fields;
  return {
    ...texts,
    projectId: '01900000-0000-7000-8000-000000000001',
    eventId: `e${String(fields.timestamp)}`,
    type: 'page.view',
    receivedAt: fields.timestamp,
    sequence: 0,
    sessionId,
    userId,
    anonymousId,
    userKey: userKeyOf({ userId, anonymousId, sessionId }) ?? '',
    properties: '{}',
    context: '{}',
    groups: '{}',
    flags: 0,
    lane: 0,
    ...fields,
  };
}
