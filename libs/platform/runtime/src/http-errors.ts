import { ERROR_CODES, type ErrorCode } from '@productgraph/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Body of every error answer. */
export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly request_id: string };
}

/** Answers with a code of the closed list, its status and the house's body. */
export function replyError(request: FastifyRequest, reply: FastifyReply, fault: HttpFault): FastifyReply {
  const { code, message = ERROR_CODES[code].meaning } = fault;
  const body: ErrorBody = { error: { code, message, request_id: request.id } };
  return reply
    .code(ERROR_CODES[code].status ?? 500)
    .type('application/json; charset=utf-8')
    .send(body);
}

export interface HttpFault {
  readonly code: ErrorCode;
  /** By default the code's meaning. */
  readonly message?: string;
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_body',
  401: 'invalid_key',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'invalid_request',
  408: 'invalid_request',
  413: 'body_too_large',
  414: 'invalid_request',
  415: 'unsupported_encoding',
  422: 'invalid_request',
  429: 'quota_exceeded',
  431: 'invalid_request',
  503: 'unavailable',
};

/** What a framework's exception means; null = a bug of ours. */
export function faultOf(error: unknown): HttpFault | null {
  if (typeof error !== 'object' || error === null) return null;
  const { statusCode, status, message } = error as { statusCode?: unknown; status?: unknown; message?: unknown };
  const code = BY_STATUS[Number(statusCode ?? status)];
  return code === undefined ? null : { code, message: String(message) };
}
