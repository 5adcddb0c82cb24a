import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyOf } from './credentials.ts';
import { RequestRefused } from './fault.ts';
import type { IngestRequest } from './ingest.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
const EMPTY = Buffer.alloc(0);

/** The part of the URL behind the question mark. */
function queryOf({ url }: FastifyRequest): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/** The body's bytes, whatever its content type said. */
export function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : EMPTY;
}

const NO_QUERY = new URLSearchParams();

/** What an ingest verb needs of an HTTP request. */
export function toIngestRequest(request: FastifyRequest, body: Buffer): IngestRequest {
  const { headers } = request;
  const query = queryOf(request);
  return {
    body,
    key: keyOf(headers, query),
    origin: headers.origin ?? null,
    contentType: headers['content-type'],
    encoding: headers['content-encoding'],
    query: query === '' ? NO_QUERY : new URLSearchParams(query),
    requestId: request.id,
    // Set by the server's tracing hook; servers without tracing have none.
    traceparent: (request as { traceparent?: string }).traceparent,
  };
}

/** Answers a whole-request refusal; anything else is a bug and goes on to the server's error handler. */
export function answerRefusal(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
  if (!(error instanceof RequestRefused)) throw error;
  if (error.retryAfterSeconds !== null) reply.header('retry-after', String(error.retryAfterSeconds));
  const body = { error: { code: error.code, message: error.message, request_id: request.id } };
  void reply.code(error.status).header('content-type', JSON_TYPE).send(JSON.stringify(body));
}
