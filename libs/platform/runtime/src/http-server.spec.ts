import { request as httpRequest } from 'node:http';
import { Controller, Get, Module, NotFoundException, Post } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createHttpServer, type HttpServer, type HttpServerOptions } from './http-server.ts';
import { mountNest } from './nest.ts';
import { createReadiness } from './readiness.ts';

const noTracing: HttpServerOptions['tracing'] = {
  isOff: true,
  request: ({ traceparent }) => ({ traceparent, run: (work) => work(), end: () => undefined }),
};

function make(options: Partial<HttpServerOptions> = {}) {
  const unexpected: string[] = [];
  const readiness = createReadiness();
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    tracing: noTracing,
    facts: { unexpected: ({ error, where }) => void unexpected.push(`${where}: ${String(error)}`) },
    metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
    readiness,
    drainDelayMs: 0,
    ...options,
  });
  return { server, readiness, unexpected };
}

let running: HttpServer | undefined;
afterEach(async () => running?.stop());

async function up(server: HttpServer): Promise<string> {
  running = server;
  return server.listen();
}

describe('the HTTP server', () => {
  it('answers /health, /ready and /metrics', async () => {
    const { server, readiness } = make();
    readiness.watch('migrations', () => Promise.resolve({ state: 'missing', detail: '2 are not applied' }));
    readiness.phase('running');
    const url = await up(server);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${url}/ready/`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      {
        ready: false,
        phase: 'running',
        missing: ['migrations'],
        parts: { migrations: { state: 'missing', detail: '2 are not applied' } },
      },
    ]);
    const metrics = await fetch(`${url}/metrics`);
    expect([metrics.headers.get('content-type'), await metrics.text()]).toEqual([
      'text/plain; version=0.0.4',
      'up 1\n',
    ]);
  });

  it.each([
    ['abc-1.2:3', 'abc-1.2:3'],
    ['has blank', null],
    ['x'.repeat(101), null],
  ])('takes request id %s', async (given, kept) => {
    const url = await up(make().server);
    const { headers } = await fetch(`${url}/health`, { headers: { 'x-request-id': given } });
    const id = headers.get('x-request-id');
    if (kept === null) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    else expect(id).toBe(kept);
  });

  it('hands the trace context to routes', async () => {
    const { server } = make();
    server.fastify.get('/trace', (request) => ({ traceparent: request.traceparent ?? null }));
    const url = await up(server);
    const given = await fetch(`${url}/trace`, { headers: { traceparent: 'tp' } });
    expect(await given.json()).toEqual({ traceparent: 'tp' });
    expect(await (await fetch(`${url}/trace`)).json()).toEqual({ traceparent: null });
  });

  it('answers a bug with 500, a request id, and nothing of the inside', async () => {
    const { server, unexpected } = make();
    server.fastify.get('/bug', () => Promise.reject(new TypeError('secret detail')));
    const url = await up(server);
    const answer = await fetch(`${url}/bug`, { headers: { 'x-request-id': 'r1' } });
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { error: { code: 'internal_error', message: expect.any(String), request_id: 'r1' } },
    ]);
    expect(unexpected).toEqual(['GET /bug: TypeError: secret detail']);
  });
});

describe('draining', () => {
  it('takes requests for the delay, finishes those in hand, refuses new ones, then closes', async () => {
    let wake = (): void => undefined;
    const delay = new Promise<void>((resolve) => (wake = resolve));
    const { server, readiness } = make({
      clock: { ...systemClock, sleep: (ms, signal) => (ms === 0 ? delay : systemClock.sleep(ms, signal)) },
    });
    let finish: (text: string) => void = () => undefined;
    server.fastify.get('/slow', () => new Promise((resolve) => (finish = resolve)));
    server.fastify.get('/fast', () => 'fast');
    readiness.phase('running');
    const url = await server.listen();
    const slow = fetch(`${url}/slow`);
    // Kept open, so that requests can still come in while the port is closing.
    await until(() => finish.length === 1);

    const stopped = server.stop();
    const ready = await fetch(`${url}/ready`);
    expect([ready.status, ((await ready.json()) as { phase: string }).phase]).toEqual([503, 'stopping']);
    const taken = await fetch(`${url}/fast`);
    expect([taken.status, taken.headers.get('connection')]).toEqual([200, 'close']);

    wake();
    await until(async () => (await fetch(`${url}/fast`)).status === 503);
    const refused = await fetch(`${url}/fast`);
    expect([refused.headers.get('retry-after'), refused.headers.get('connection')]).toEqual(['1', 'close']);
    expect(await refused.json()).toMatchObject({ error: { code: 'unavailable' } });

    finish('done');
    expect(await (await slow).text()).toBe('done');
    await stopped;
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it('does not wait for ever for a client that went away', async () => {
    const { server } = make();
    let entered = false;
    server.fastify.get('/slow', () => {
      entered = true;
      return new Promise(() => undefined);
    });
    const url = await server.listen();
    const gone = httpRequest(`${url}/slow`).on('error', () => undefined);
    gone.end();
    await until(() => entered);
    gone.destroy();
    await server.stop();
  });

  it('cuts off who does not send the rest', async () => {
    const { server } = make({ cutOffMs: 50 });
    server.fastify.post('/body', () => 'taken');
    const url = await server.listen();
    const headers = { 'content-type': 'application/json', 'content-length': 100 };
    const slow = httpRequest(`${url}/body`, { method: 'POST', headers });
    const broken = new Promise((resolve) => slow.once('error', resolve));
    slow.write('{');
    await until(() => slow.socket?.bytesWritten !== undefined && slow.socket.bytesWritten > 0);
    await systemClock.sleep(20);
    await server.stop();
    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a Nest module beside raw routes', () => {
  @Controller('nest')
  class House {
    @Get('ok')
    ok(): string {
      return 'nest';
    }
    @Get('missing')
    missing(): never {
      throw new NotFoundException('No such thing');
    }
    @Get('bug')
    bug(): never {
      throw new TypeError('inside');
    }
    @Post('echo')
    echo(): string {
      return 'posted';
    }
  }

  @Module({ controllers: [House] })
  class HouseModule {}

  it('shares the port, the error body and the closed list of codes', async () => {
    const { server, unexpected } = make();
    server.fastify.get('/raw', () => 'raw');
    const logger = { debug: () => undefined, warn: () => undefined, error: () => undefined };
    await mountNest(HouseModule, {
      fastify: server.fastify,
      logger,
      facts: { unexpected: ({ where }) => void unexpected.push(where) },
    });
    const url = await up(server);
    const code = async (path: string, init?: RequestInit) => {
      const answer = await fetch(url + path, init);
      const text = await answer.text();
      const body = text.startsWith('{') ? (JSON.parse(text) as { error?: { code: string } }) : undefined;
      return [answer.status, body?.error?.code ?? text];
    };
    expect(await code('/raw')).toEqual([200, 'raw']);
    expect(await code('/nest/ok')).toEqual([200, 'nest']);
    expect(await code('/nest/missing')).toEqual([404, 'not_found']);
    expect(await code('/nowhere')).toEqual([404, 'not_found']);
    expect(await code('/nest/bug')).toEqual([500, 'internal_error']);
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' };
    expect(await code('/nest/echo', json)).toEqual([400, 'malformed_body']);
    expect(unexpected).toEqual(['GET /nest/bug']);
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await systemClock.sleep(5);
}
