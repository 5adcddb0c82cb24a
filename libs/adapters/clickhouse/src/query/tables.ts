/** Tables over all shards that questions read, of the connection's database. */
export const EVENTS = 'events';
export const SESSIONS = 'sessions';
