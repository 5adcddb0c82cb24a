import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '@productgraph/kernel';
import type { IngestFacts } from '@productgraph/platform-telemetry';
import { corsHeaders, EVENTS_METHODS, preflightHeaders } from './cors.ts';
import { answerRefusal, JSON_TYPE, toIngestRequest } from './http.ts';
import { RequestRefused } from './fault.ts';
import { registerImport, type ImportDesk } from './import-routes.ts';
import type { Ingest } from './ingest.ts';
import { createReceive, type Receive } from './receive.ts';

export interface IngestRoutes {
  readonly ingest: Ingest;
  readonly desk: ImportDesk;
  readonly clock: Clock;
  readonly facts: IngestFacts;
  /** Bytes of bodies on their way in, at most: beyond it requests get 503. Default 128 MB. */
  readonly maxBytesReceiving?: number;
}

/** What Fastify takes for a media type; it answers 415 to anything else before a parser is asked. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/**
 * Adds the ingest routes to a Fastify instance, in a scope of their own: `POST /v1/events` (with or without trailing slash when the router
 * ignores it), its preflight, and the import routes. Whatever the content type says, bodies are taken as bytes.
 */
export async function registerIngest(app: FastifyInstance, routes: IngestRoutes): Promise<void> {
  const { facts } = routes;
  const receive = createReceive(routes.maxBytesReceiving);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.setErrorHandler((error, request, reply) => {
      if (error instanceof RequestRefused) facts.requestRefused({ code: error.code });
      answerRefusal(request, reply, error);
    });
    scope.addHook('onRequest', (request, reply, next) => {
      const cors = corsHeaders(request.headers);
      if (cors !== null) reply.headers(cors);
      next();
    });
    registerEvents(scope, { ...routes, receive });
    await scope.register((imports, _options, done) => {
      takeBytes(imports, receive);
      registerImport(imports, routes);
      done();
    });
  });
}

/** Everything is done before Fastify would read a body: these routes need no parser. */
function registerEvents(scope: FastifyInstance, routes: IngestRoutes & { receive: Receive }): void {
  const done = (): never => {
    throw new Error('unreachable: answered before');
  };
  scope.options('/v1/events', (request, reply) => reply.code(204).headers(preflightHeaders(request.headers)).send());
  scope.post('/v1/events', { onRequest: eventsHook(routes, routes.receive) }, done);
  scope.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/v1/events',
    onRequest: (_request, reply, next) => {
      void reply.header('allow', EVENTS_METHODS);
      next(new RequestRefused('method_not_allowed'));
    },
    handler: done,
  });
}

/** Bodies of a scope's routes are read as bytes by `receive`, of any content type or none. */
function takeBytes(scope: FastifyInstance, receive: Receive): void {
  scope.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => receive(payload, request));
  scope.addHook('preParsing', (request, _reply, payload) => {
    if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) delete request.headers['content-type'];
    return Promise.resolve(payload);
  });
}

/**
 * Takes events before Fastify would read the body, and answers success on the raw response: the body parser, the handler and the
 * serialiser behind this hook cost as much as everything else that is done for a request of one event. Refusals go Fastify's way.
 */
function eventsHook({ ingest, clock, facts }: IngestRoutes, receive: Receive) {
  const told = (began: number, { status, bytes }: { readonly status: number; readonly bytes: number }): void =>
    facts.requestAnswered({ status, seconds: (clock.now() - began) / 1000, bytes });

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const began = clock.now();
    let bytes = 0;
    try {
      const body = await receive(request.raw, request);
      bytes = body.length;
      const answer = JSON.stringify(await ingest.events(toIngestRequest(request, body)));
      reply.hijack();
      reply.raw.writeHead(202, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': JSON_TYPE,
        'content-length': Buffer.byteLength(answer),
      });
      reply.raw.end(answer);
      told(began, { status: 202, bytes });
    } catch (error) {
      if (!(error instanceof RequestRefused)) facts.requestFailed({ requestId: request.id, error });
      // What is left of the body would be taken for the next request.
      if (!request.raw.complete) reply.header('connection', 'close');
      told(began, { status: error instanceof RequestRefused ? error.status : 500, bytes });
      throw error;
    }
  }
  return (request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void => {
    take(request, reply).catch(next);
  };
}
