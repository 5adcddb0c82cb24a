/** Log topics, without the deployment's prefix (default `pg`). */
export const TOPICS = ['events', 'sessions', 'journeys', 'alerts', 'quarantine'] as const;
export type Topic = (typeof TOPICS)[number];
