import type { FastifyInstance } from 'fastify';
import type { Clock } from '@productgraph/kernel';
import { INGEST_LIMITS } from '@productgraph/contracts';
import type { IngestFacts } from '@productgraph/platform-telemetry';
import { corsHeaders, EVENTS_METHODS, preflightHeaders } from './cors.ts';
import { answerRefusal, JSON_TYPE, toIngestRequest } from './http.ts';
import { RequestRefused } from './fault.ts';
import { registerImport, type ImportDesk } from './import-routes.ts';
import type { Ingest } from './ingest.ts';

export interface IngestRoutes {
  readonly ingest: Ingest;
  readonly desk: ImportDesk;
  readonly clock: Clock;
  readonly facts: IngestFacts;
}

/**
 * Adds the ingest routes to a Fastify instance, in a scope of their own: whatever the content type says, the body arrives as bytes.
 * `POST /v1/events` (with or without trailing slash when the router ignores it), its preflight, and the import routes.
 */
export async function registerIngest(app: FastifyInstance, routes: IngestRoutes): Promise<void> {
  const { ingest, clock, facts } = routes;
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: INGEST_LIMITS.bodyBytes },
      (_request, body, parsed) => {
        parsed(null, body);
      },
    );
    scope.addHook('onRequest', (request, reply, next) => {
      const cors = corsHeaders(request.headers);
      if (cors !== null) reply.headers(cors);
      next();
    });
    scope.options('/v1/events', (request, reply) => reply.code(204).headers(preflightHeaders(request.headers)).send());
    scope.post('/v1/events', { bodyLimit: INGEST_LIMITS.bodyBytes }, async (request, reply) => {
      const began = clock.now();
      const asked = toIngestRequest(request);
      try {
        const answer = await ingest.events(asked);
        void reply.code(202).header('content-type', JSON_TYPE).send(JSON.stringify(answer));
      } catch (error) {
        if (error instanceof RequestRefused) facts.requestRefused({ code: error.code });
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
