import { readFileSync } from 'node:fs';
import type { LogRecord } from '@productgraph/contracts';
import type { Append, EventLog } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { createLogger, readable } from './logger.ts';
import { meteredLog } from './metered-log.ts';
import { createTelemetry, metricsTable } from './telemetry.ts';

const NAME = /^productgraph_[a-z]+(_[a-z]+)+$/;
const UNITS = { counter: /_total$/, histogram: /_seconds$/, gauge: /_(seconds|records|connections|events|bytes)$/ };

function collected() {
  const lines: string[] = [];
  const logger = createLogger({ level: 'debug', format: 'json', stream: { write: (line) => lines.push(line) } });
  let time = 0;
  const telemetry = createTelemetry({ logger, now: () => time, runtimeMetrics: false });
  return {
    telemetry,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    pass: (ms: number) => (time += ms),
  };
}

describe('the catalogue', () => {
  const { telemetry } = collected();

  it.each(telemetry.docs.map((doc) => [doc.name, doc] as const))('%s follows the grammar', (name, doc) => {
    expect(name).toMatch(NAME);
    expect(name).toMatch(UNITS[doc.kind]);
    expect(doc.help).toMatch(/\.$/);
    expect(doc.labels.filter((label) => /project|org|user|key|id$/.test(label))).toEqual([]);
  });

  it('is exported as a whole, before anything has happened', async () => {
    const { body, contentType } = await telemetry.metrics();
    expect(contentType).toMatch(/^text\/plain/);
    for (const { name, kind } of telemetry.docs) expect(body).toContain(`# TYPE ${name} ${kind}`);
  });

  it('is documented in docs/metrics.md (npm run docs)', () => {
    const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
    expect(page).toContain(metricsTable(telemetry.docs));
  });

  it('has no name twice', () => {
    const names = telemetry.docs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('adds metrics of Node unless told otherwise', async () => {
    const { body } = await createTelemetry({ logger: telemetry.logger, now: () => 0 }).metrics();
    expect(body).toContain('nodejs_eventloop_lag_seconds');
  });
});

describe('a fact', () => {
  it('of the hot path counts on from scrape to scrape', async () => {
    const { telemetry } = collected();
    const counted = async (): Promise<string[]> => {
      const { body } = await telemetry.metrics();
      return body.split('\n').filter((line) => line.startsWith('productgraph_ingest_events_total'));
    };
    const told = { accepted: 3, rejected: 1, duplicate: 0 };
    telemetry.ingest.eventsJudged(told);
    const first = await counted();
    telemetry.ingest.eventsJudged(told);
    expect([first, await counted(), await counted()]).toEqual(
      [1, 2, 2].map((times) => [
        `productgraph_ingest_events_total{verdict="accepted"} ${3 * times}`,
        `productgraph_ingest_events_total{verdict="rejected"} ${times}`,
        'productgraph_ingest_events_total{verdict="duplicate"} 0',
      ]),
    );
  });

  it('gives metric and log line together', async () => {
    const { telemetry, logged } = collected();
    const partition = { group: 'g', topic: 'events', generation: 1, partition: 3 } as const;
    telemetry.runner.onLogTrimmed({ partition, from: 5, low: 9 });
    expect((await telemetry.metrics()).body).toContain(
      'productgraph_runner_skipped_records_total{group="g",topic="events"} 4',
    );
    expect(logged()).toMatchObject([
      { level: 'error', fact: 'runner.log_trimmed', group: 'g', topic: 'events', partition: 3, from: 5, low: 9 },
    ]);
  });

  it('that comes with every request is counted each time and written at most every 10 s', async () => {
    const { telemetry, logged, pass } = collected();
    const error = new Error('no space left');
    for (let i = 0; i < 5; i++) telemetry.ingest.appendFailed({ events: 10, error });
    pass(10_000);
    telemetry.ingest.appendFailed({ events: 10, error });
    expect((await telemetry.metrics()).body).toContain('productgraph_ingest_unavailable_events_total 60');
    expect(logged()).toMatchObject([{ err: { message: 'no space left' } }, { leftOut: 4 }]);
    expect(logged()).toHaveLength(2);
  });

  it('reads values at the scrape', async () => {
    const { telemetry } = collected();
    const state = { total: 3, idle: 1, waiting: 0 };
    telemetry.postgres.poolOpened('app', () => state);
    state.waiting = 7;
    expect((await telemetry.metrics()).body).toContain(
      'productgraph_postgres_connections{pool="app",state="waiting"} 7',
    );
  });
});

describe('lines of the embedded server', () => {
  it.each([
    ['Making a new database in /data', 'info'],
    ['2026-11-23 15:44:41.268 UTC [9] LOG:  shutting down', 'debug'],
    ['2026-11-23 15:44:41.268 UTC [9] ERROR:  duplicate key value', 'debug'],
    ['2026-11-23 15:44:41.268 UTC [9] WARNING:  out of disk soon', 'warn'],
    ['2026-11-23 15:44:41.268 UTC [9] PANIC:  could not write', 'error'],
  ])('%s is told as %s', (line, level) => {
    const { telemetry, logged } = collected();
    telemetry.postgres.serverSaid({ line });
    expect(logged()).toMatchObject([{ level, msg: line }]);
  });
});

describe('a metered log', () => {
  it('counts what became durable and what did not', async () => {
    const { telemetry } = collected();
    const record = { payload: new Uint8Array(7) } as LogRecord;
    const log = {
      append: (appends: readonly Append[]) =>
        appends.length > 1 ? Promise.resolve(appends.map(() => 0)) : Promise.reject(new Error('full')),
    } as unknown as EventLog;
    const metered = meteredLog(log, telemetry.log, { now: () => 0 });
    await metered.append([
      { topic: 'events', partition: 0, records: [record, record] },
      { topic: 'quarantine', partition: 0, records: [record] },
    ]);
    await expect(metered.append([{ topic: 'events', partition: 0, records: [record] }])).rejects.toThrow('full');
    const { body } = await telemetry.metrics();
    expect(body).toContain('productgraph_log_appended_records_total{topic="events"} 2');
    expect(body).toContain('productgraph_log_appended_bytes_total{topic="quarantine"} 7');
    expect(body).toContain('productgraph_log_failed_appends_total 1');
  });
});

describe('log lines', () => {
  it.each([
    ['warn', 'warn', 1],
    ['error', 'warn', 0],
    ['silent', 'error', 0],
    ['info', 'info', 1],
  ] as const)('level %s and a line of level %s: %i', (level, line, expected) => {
    const lines: string[] = [];
    createLogger({ level, format: 'json', stream: { write: (text) => lines.push(text) } })[line]({}, 'x');
    expect(lines).toHaveLength(expected);
  });

  it.each([
    ['auto', true, false],
    ['auto', false, true],
    ['json', true, true],
    ['text', false, false],
  ] as const)('format %s, terminal %s: JSON %s', (format, isTTY, json) => {
    const lines: string[] = [];
    const stream = { isTTY, write: (text: string) => lines.push(text) };
    createLogger({ level: 'info', format, stream }).info({ a: 1 }, 'hello');
    expect(lines[0]?.startsWith('{')).toBe(json);
    expect(lines[0]).toContain('hello');
  });

  it('tell of an error its type, message, code, stack and causes, and nothing that hangs on it', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', format: 'json', stream: { write: (text) => lines.push(text) } });
    const cause = Object.assign(new TypeError('inner'), { password: 'hunter2' });
    const error = Object.assign(new Error('outer', { cause }), { code: '57P01', client: { password: 'hunter2' } });
    logger.error({ err: error }, 'm');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: { type: 'Error', message: 'outer', code: '57P01', cause: { type: 'TypeError', message: 'inner' } },
    });
    expect(lines[0]).not.toContain('hunter2');
  });

  it('are readable on a terminal', () => {
    const line = {
      level: 'warn',
      time: '2026-01-02T03:04:05.678Z',
      msg: 'm',
      fact: 'x.y',
      n: 1,
      t: 'a b',
      err: { stack: 's\nt' },
    };
    expect(readable(JSON.stringify(line)).replaceAll(/\x1b\[\d+m/g, '')).toBe('03:04:05 warn  m n=1 t=a b\n  s\n  t\n');
  });
});
