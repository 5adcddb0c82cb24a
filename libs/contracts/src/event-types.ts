/** The closed list of event types of the native protocol. */
export const EVENT_TYPES = [
  'page.view', 'page.leave',
  'ui.click', 'ui.input', 'ui.scroll', 'ui.focus', 'ui.blur', 'ui.submit',
  'state.change', 'api.request', 'api.response', 'journey.step',
  'error', 'performance', 'identify', 'alias', 'group', 'custom',
] as const; // prettier-ignore
export type EventType = (typeof EVENT_TYPES)[number];
