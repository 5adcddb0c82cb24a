import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import type { PartitionTask, TaskBatch } from '@productgraph/kernel';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { startSdk, startTracing } from './sdk.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import { tracedTask } from './traced-task.ts';
import { noTracing, type Tracing } from './tracing.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const SAMPLED = `00-${TRACE}-${SPAN}-01`;

describe('traceparent', () => {
  it.each([
    [SAMPLED, true],
    [`00-${TRACE}-${SPAN}-00`, true],
    [`01-${TRACE}-${SPAN}-01-later`, true],
    [`00-${TRACE}-${SPAN}-01-more`, false],
    [`ff-${TRACE}-${SPAN}-01`, false],
    [`00-${'0'.repeat(32)}-${SPAN}-01`, false],
    [`00-${TRACE}-${'0'.repeat(16)}-01`, false],
    [`00-${TRACE.toUpperCase()}-${SPAN}-01`, false],
    [`00-${TRACE}-${SPAN}`, false],
    ['', false],
    [undefined, false],
  ])('%s is well-formed: %s', (header, wellFormed) => {
    expect(parseTraceparent(header) !== null).toBe(wellFormed);
  });

  it('survives a round trip', () => {
    const parsed = parseTraceparent(SAMPLED);
    expect(parsed && formatTraceparent(parsed)).toBe(SAMPLED);
  });
});

const partition = { group: 'g', topic: 'events', generation: 1, partition: 2 } as const;

function task(batch: () => Promise<boolean>): PartitionTask {
  return {
    open: () => Promise.resolve({ next: 0, windowStart: null, time: 0 }),
    batch,
    tick: () => Promise.resolve(true),
  };
}

function records(...traceparents: (string | undefined)[]): TaskBatch {
  return { records: traceparents.map((traceparent) => ({ traceparent })) } as unknown as TaskBatch;
}

describe('tracing that is off', () => {
  it('is what a process without an endpoint has', async () => {
    expect(await startTracing({ endpoint: null, serviceName: 's', sampleRatio: 1 })).toBe(noTracing);
  });

  it.each([
    [SAMPLED, SAMPLED],
    [`00-${TRACE}-${SPAN}-00`, undefined],
    ['rubbish', undefined],
    [undefined, undefined],
  ])('hands %s on as %s', (traceparent, expected) => {
    expect(noTracing.request({ method: 'POST', traceparent }).traceparent).toBe(expected);
  });

  it('leaves tasks as they are', () => {
    const make = () => task(() => Promise.resolve(true));
    expect(tracedTask(noTracing, make)).toBe(make);
  });
});

describe('tracing that is on', () => {
  let tracing: Tracing | undefined;
  let exporter = new InMemorySpanExporter();
  const start = async (sampleRatio: number) => {
    exporter = new InMemorySpanExporter();
    tracing = await startSdk({ serviceName: 'test', sampleRatio }, new SimpleSpanProcessor({ exporter }));
    return tracing;
  };
  afterEach(async () => tracing?.stop());

  it('carries a request through the log into the processor as one trace', async () => {
    const on = await start(1);
    const request = on.request({ method: 'POST', traceparent: undefined });
    await new Promise<void>((resolve) => {
      request.run(() => {
        void sleep(1).then(() => {
          trace.getActiveSpan()?.addEvent('ingest.something');
          resolve();
        });
      });
    });
    request.end({ status: 202, route: '/v1/events' });
    const traced = tracedTask(on, () => task(() => Promise.resolve(true)))(partition);
    expect(await traced.batch(records(undefined, request.traceparent, request.traceparent, SAMPLED))).toBe(true);

    const [server, consumer] = exporter.getFinishedSpans();
    expect(server).toMatchObject({ name: 'POST /v1/events', attributes: { 'http.response.status_code': 202 } });
    expect(server?.events.map(({ name }) => name)).toEqual(['ingest.something']);
    expect(consumer?.name).toBe('g events');
    expect(consumer?.spanContext().traceId).toBe(server?.spanContext().traceId);
    expect(consumer?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
    expect(consumer?.links.map(({ context: linked }) => linked.traceId)).toEqual([TRACE]);
  });

  it("continues the caller's trace", async () => {
    const request = (await start(0)).request({ method: 'POST', traceparent: SAMPLED });
    expect(request.traceparent).toContain(TRACE);
    expect(request.traceparent).not.toContain(SPAN);
  });

  it('marks what failed', async () => {
    const on = await start(1);
    const traced = tracedTask(on, () => task(() => Promise.reject(new Error('store away'))))(partition);
    await expect(traced.batch(records(SAMPLED))).rejects.toThrow('store away');
    expect(exporter.getFinishedSpans()[0]).toMatchObject({ status: { code: 2 } });
  });

  it('makes no span for records without a trace, nor for requests that are not sampled', async () => {
    const on = await start(0);
    const request = on.request({ method: 'POST', traceparent: undefined });
    expect(request.traceparent).toBeUndefined();
    await tracedTask(on, () => task(() => Promise.resolve(true)))(partition).batch(records(undefined));
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
