import { number, text } from '../setting.ts';

/** The one port of a process, and how it goes away. */
export const serverSettings = {
  port: number('PORT', {
    fallback: 8080,
    min: 0,
    max: 65_535,
    unit: '0 = any free port',
    about: 'Port for ingest, GraphQL and its explorer, health and metrics.',
  }),
  host: text('HOST', {
    fallback: '0.0.0.0',
    allowed: 'an address of this machine, 0.0.0.0 for all, 127.0.0.1 for this machine only',
    about: 'Address to listen on.',
  }),
  drainDelayMs: number('SHUTDOWN_DELAY_MS', {
    fallback: 0,
    min: 0,
    max: 120_000,
    unit: 'milliseconds',
    about: 'After SIGTERM: how long requests are still taken while /ready says no. Behind a load balancer about 3,000.',
  }),
  drainTimeoutMs: number('SHUTDOWN_TIMEOUT_MS', {
    fallback: 25_000,
    min: 100,
    max: 600_000,
    unit: 'milliseconds',
    about: 'After SIGTERM: the process ends after this time even if work is left (nothing acknowledged is lost).',
  }),
} as const;
