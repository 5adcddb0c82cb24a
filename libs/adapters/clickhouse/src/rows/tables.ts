import { EVENT_COLUMNS } from './event-columns.ts';
import { SESSION_COLUMNS } from './session-columns.ts';
import { tableOf } from './table.ts';

export const EVENTS = tableOf('events', EVENT_COLUMNS);
export const SESSIONS = tableOf('sessions', SESSION_COLUMNS);
