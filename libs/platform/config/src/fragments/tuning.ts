import { number } from '../setting.ts';

/** The event log. */
export const logSettings = {
  partitions: number('LOG_PARTITIONS', {
    fallback: 4,
    min: 1,
    max: 64,
    about: 'Partitions of a topic; counts when the database is new, later it has no effect.',
  }),
  dedupeWindow: number('LOG_DEDUPE_WINDOW', {
    fallback: 50_000,
    min: 1_000,
    max: 5_000_000,
    unit: 'events per partition',
    about:
      'How far back a resent event costs nothing; counts when the database is new. 18 bytes an event and processor.',
  }),
  retentionHours: number('LOG_RETENTION_HOURS', {
    fallback: 72,
    min: 1,
    max: 8_760,
    unit: 'hours',
    about: 'The log keeps at least this much, and everything that a processor still needs.',
  }),
  maxPendingMb: number('LOG_MAX_PENDING_MB', {
    fallback: 64,
    min: 8,
    max: 4_096,
    unit: 'MB',
    about: 'Events that wait to become durable, at most; beyond it senders get 503.',
  }),
} as const;

/** Sessions and their settlement. */
export const sessionSettings = {
  latenessHours: number('SESSION_LATENESS_HOURS', {
    fallback: 24,
    min: 1,
    max: 720,
    unit: 'hours',
    about: 'How long after its end a session waits for late events before it is settled.',
  }),
} as const;

/** Questions. */
export const querySettings = {
  timeoutMs: number('QUERY_TIMEOUT_MS', {
    fallback: 30_000,
    min: 100,
    max: 600_000,
    unit: 'milliseconds',
    about: 'A question that takes longer is cancelled.',
  }),
  maxRows: number('QUERY_MAX_ROWS', {
    fallback: 100_000,
    min: 100,
    max: 10_000_000,
    about: 'Rows of an answer, at most.',
  }),
} as const;
