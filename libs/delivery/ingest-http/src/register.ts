import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '@productgraph/kernel';
import type { IngestFacts } from '@productgraph/platform-telemetry';
import { corsHeaders, EVENTS_METHODS, preflightHeaders } from './cors.ts';
import { answerRefusal, JSON_TYPE, toIngestRequest } from './http.ts';
import { RequestRefused } from './fault.ts';
import { registerImport, type ImportDesk } from './import-routes.ts';
import type { Ingest } from './ingest.ts';
import { createReceive } from './receive.ts';

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
 * Adds the ingest routes to a Fastify instance, in a scope of their own: whatever the content type says, the body arrives as bytes.
 * `POST /v1/events` (with or without trailing slash when the router ignores it), its preflight, and the import routes.
 */
export async function registerIngest(app: FastifyInstance, routes: IngestRoutes): Promise<void> {
  const { ingest, clock, facts } = routes;
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    const receive = createReceive(routes.maxBytesReceiving);
    scope.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) => receive(payload, request));
    scope.setErrorHandler((error, request, reply) => {
      if (error instanceof RequestRefused) facts.requestRefused({ code: error.code });
      answerRefusal(request, reply, error);
    });
    scope.addHook('onRequest', (request, reply, next) => {
      const cors = corsHeaders(request.headers);
      if (cors !== null) reply.headers(cors);
      if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) delete request.headers['content-type'];
      next();
    });
    scope.options('/v1/events', (request, reply) => reply.code(204).headers(preflightHeaders(request.headers)).send());
    scope.post('/v1/events', async (request, reply) => {
      const began = clock.now();
      const asked = toIngestRequest(request);
      try {
        const answer = await ingest.events(asked);
        void reply.code(202).header('content-type', JSON_TYPE).send(JSON.stringify(answer));
      } catch (error) {
        if (error instanceof RequestRefused) facts.requestRefused({ code: error.code });
        else facts.requestFailed({ requestId: request.id, error });
        answerRefusal(request, reply, error);
      }
      facts.requestAnswered({
        status: reply.statusCode,
        seconds: (clock.now() - began) / 1000,
        bytes: asked.body.length,
      });
      return reply;
    });
    scope.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: '/v1/events',
      handler: (request, reply) => {
        void reply.header('allow', EVENTS_METHODS);
        answerRefusal(request, reply, new RequestRefused('method_not_allowed'));
      },
    });
    registerImport(scope, routes);
    done();
  });
}
