import { number, optionalText } from '../setting.ts';

/** The spool on the local disk behind ingestion, for times without Kafka. */
export const spoolSettings = {
  folder: optionalText('SPOOL_DIR', {
    shown: 'not set: no spool',
    allowed: 'a folder that this user may write to, on a disk that stays',
    about:
      'Keeps events on this disk while Kafka does not take them, and drains them when it does. One process a folder; without it senders get 503.',
  }),
  maxMb: number('SPOOL_MAX_MB', {
    fallback: 1_024,
    min: 1,
    max: 1_048_576,
    unit: 'MB',
    about: 'Size of the spool, at most; beyond it senders get 503.',
  }),
} as const;
