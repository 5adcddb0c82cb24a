import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@productgraph/kernel';
import { fastify, type FastifyInstance } from 'fastify';
import { faultOf, replyError } from './http-errors.ts';
import type { MetricsSource, RequestTracing, RuntimeFacts } from './ports.ts';
import type { Readiness } from './readiness.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** W3C trace context to put into log records; undefined when the request is not sampled. */
    traceparent: string | undefined;
  }
}

export interface HttpServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly tracing: RequestTracing;
  readonly facts: Pick<RuntimeFacts, 'unexpected'>;
  readonly metrics: MetricsSource;
  readonly readiness: Readiness;
  /** How long requests are still taken after `stop` was asked for, milliseconds. */
  readonly drainDelayMs: number;
  /** When connections are cut whose requests are not answered by then, milliseconds after the delay. Default 10,000. */
  readonly cutOffMs?: number;
}

/** The one port of a process. Routes are added to `fastify` before `listen`. */
export interface HttpServer {
  readonly fastify: FastifyInstance;
  /** Answers the URL for people of this machine. */
  listen(): Promise<string>;
  /** Not ready → takes requests for the delay → 503 for new ones → waits for those in hand, but not for ever → closes the port. */
  stop(): Promise<void>;
}

/** Requests and responses of people behind load balancers, which keep connections for 60 s. */
const KEEP_ALIVE_MS = 75_000;
/** A sender that has not sent its request by then is cut off. */
const REQUEST_MS = 60_000;
const CUT_OFF_MS = 10_000;
/**
 * How long requests on kept connections still get their 503 before those are closed: a request that is on its way when its connection
 * is closed would be cut off, and its sender would not know whether it was taken.
 */
const LAST_REQUESTS_MS = 100;

const REQUEST_ID = /^[\w.:-]{1,100}$/;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const app = fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    frameworkErrors: (error, request, reply) => {
      void replyError(request, reply, faultOf(error) ?? { code: 'invalid_request', message: error.message });
    },
  });
  const gate = createGate();
  addGate(app, gate);
  addTracing(app, options.tracing);
  addErrorHandler(app, options.facts);
  addHealth(app, options);
  return {
    fastify: app,
    listen: () => listen(app, options),
    async stop() {
      options.readiness.phase('stopping');
      gate.close('soon');
      await options.clock.sleep(options.drainDelayMs);
      gate.close('now');
      await closeWithin(options.cutOffMs ?? CUT_OFF_MS, { app, gate, clock: options.clock });
    },
  };
}

/** Waits for the requests in hand and closes the port; who has not sent or read everything by then is cut off. */
async function closeWithin(
  milliseconds: number,
  { app, gate, clock }: { readonly app: FastifyInstance; readonly gate: Gate; readonly clock: Clock },
): Promise<void> {
  const closed = new AbortController();
  const cutOff = clock.sleep(milliseconds, closed.signal).then(
    () => app.server.closeAllConnections(),
    () => undefined,
  );
  await gate.empty();
  await clock.sleep(LAST_REQUESTS_MS);
  await gate.empty();
  await app.close();
  closed.abort();
  await cutOff;
}

/** Counts requests in hand and says whether new ones are taken. */
interface Gate {
  /** `soon`: taken, but connections are not kept; `now`: answered with 503. */
  readonly closing: () => 'no' | 'soon' | 'now';
  close(when: 'soon' | 'now'): void;
  enter(): void;
  leave(): void;
  /** Resolves when no request is in hand. */
  empty(): Promise<void>;
}

function createGate(): Gate {
  let inHand = 0;
  let state: 'no' | 'soon' | 'now' = 'no';
  let waiting: (() => void)[] = [];
  return {
    closing: () => state,
    close: (when) => (state = when),
    enter: () => (inHand += 1),
    leave() {
      inHand--;
      if (inHand > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    empty: () => (inHand === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

const HEALTH_ROUTES = new Set(['/health', '/ready', '/metrics']);

function addGate(app: FastifyInstance, gate: Gate): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (HEALTH_ROUTES.has(request.routeOptions.url ?? '')) {
      done();
      return;
    }
    if (gate.closing() !== 'no') reply.header('connection', 'close');
    if (gate.closing() === 'now') {
      reply.header('retry-after', '1');
      void replyError(request, reply, { code: 'unavailable', message: 'The server is stopping.' });
      return;
    }
    gate.enter();
    // `close` comes once, whether the answer was sent or the client went away.
    reply.raw.once('close', () => gate.leave());
    done();
  });
}

function addTracing(app: FastifyInstance, tracing: RequestTracing): void {
  app.decorateRequest('traceparent', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    if (tracing.isOff && traceparent === undefined) {
      done();
      return;
    }
    const span = tracing.request({
      method: request.method,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    request.traceparent = span.traceparent;
    if (!tracing.isOff) {
      reply.raw.once('close', () =>
        span.end({ status: reply.statusCode, route: request.routeOptions.url ?? '(none)' }),
      );
    }
    span.run(done);
  });
}

function addErrorHandler(app: FastifyInstance, facts: Pick<RuntimeFacts, 'unexpected'>): void {
  app.setErrorHandler((error, request, reply) => {
    const fault = faultOf(error);
    if (fault === null) facts.unexpected({ error, where: `${request.method} ${request.routeOptions.url ?? '?'}` });
    return replyError(request, reply, fault ?? { code: 'internal_error' });
  });
}

function addHealth(app: FastifyInstance, { readiness, metrics }: HttpServerOptions): void {
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const report = await readiness.report();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await metrics();
    return reply.type(contentType).send(body);
  });
}

async function listen(app: FastifyInstance, { host, port }: HttpServerOptions): Promise<string> {
  await app.listen({ host, port });
  const { port: taken } = app.server.address() as AddressInfo;
  const anywhere = host === '0.0.0.0' || host === '::';
  const name = anywhere ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${taken}`;
}
