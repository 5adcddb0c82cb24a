import type { Principal } from '@productgraph/domain-tenant';
import type { FastifyRequest } from 'fastify';

/** What resolvers know of the request. */
export interface GraphqlContext {
  /** Null without a token: only introspection is answered. */
  readonly principal: Principal | null;
  /** Aborted when the client goes away or the request takes too long. */
  readonly signal: AbortSignal;
  readonly requestId: string;
}

const contexts = new WeakMap<FastifyRequest, GraphqlContext>();

export function keepContext(request: FastifyRequest, context: GraphqlContext): void {
  contexts.set(request, context);
}

/** A copy, because the driver adds its own members. Requests refused before authentication have an anonymous one. */
export function contextOf(request: FastifyRequest): GraphqlContext {
  const kept = contexts.get(request);
  return { ...(kept ?? { principal: null, signal: new AbortController().signal, requestId: request.id }) };
}
