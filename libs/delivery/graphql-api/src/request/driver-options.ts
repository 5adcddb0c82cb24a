import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import type { Clock } from '@productgraph/kernel';
import type { GraphqlFacts } from '@productgraph/platform-telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mercurius } from 'mercurius';
import { type ExplorerPage, wantsExplorer } from '../explorer/page.ts';
import type { GraphqlLimits } from '../limits.ts';
import type { Authenticator } from './authenticate.ts';
import { checkRequest, graphqlRequestOf } from './body.ts';
import { contextOf, type GraphqlContext, keepContext } from './context.ts';
import { requestSignal } from './deadline.ts';
import { createErrorFormatter, firstCodeOf } from './error-formatter.ts';
import { Fault } from './fault.ts';
import { asksSchemaOnly, checkCost, checkDocument, checkGet, countOperations, measuredOperation } from './operation.ts';

/** Compiled after so many requests of one text: what is asked once is not worth it. */
const JIT_AFTER = 3;

/** Documents kept parsed, validated and compiled. */
const DOCUMENTS = 500;

export interface DriverParts {
  readonly authenticator: Authenticator;
  readonly explorer: ExplorerPage;
  readonly clock: Clock;
  readonly facts: GraphqlFacts;
  readonly limits: GraphqlLimits;
}

type Variables = Readonly<Record<string, unknown>> | undefined;

/** The order in which a request is looked at: {@link routeHooks}, then parse, {@link documentHooks}, validate, execute. */
export function driverOptions(parts: DriverParts): Partial<MercuriusDriverConfig> {
  const { limits, facts } = parts;
  return {
    path: '/graphql',
    jit: JIT_AFTER,
    cache: DOCUMENTS,
    ide: false,
    allowBatchedQueries: false,
    graphql: { parseOptions: { maxLexicalTokens: limits.tokens }, validateOptions: { maxErrors: 20 } },
    persistedQueryProvider: mercurius.persistedQueryDefaults.automatic(limits.persistedQueries),
    context: (request: FastifyRequest) => contextOf(request),
    errorFormatter: createErrorFormatter(facts) as NonNullable<MercuriusDriverConfig['errorFormatter']>,
    additionalRouteOptions: { bodyLimit: limits.bodyBytes, schema: {}, ...routeHooks(parts) },
    hooks: documentHooks(limits),
  };
}

function routeHooks({ authenticator, explorer, clock, facts, limits }: DriverParts) {
  return {
    preHandler: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      if (wantsExplorer(request)) {
        await explorer.send(request, reply, 'index.html');
        return;
      }
      checkRequest(request, limits.variablesDepth);
      const principal = await authenticator.principalOf(request.headers);
      const signal = requestSignal(reply, clock, limits.requestTimeoutMs);
      keepContext(request, { principal, signal, requestId: request.id });
    },
    onResponse: async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      facts.operationAnswered({ code: firstCodeOf(reply), seconds: reply.elapsedTime / 1000 });
    },
  };
}

function documentHooks(limits: GraphqlLimits): NonNullable<MercuriusDriverConfig['hooks']> {
  return {
    preParsing: (_schema, source, context) => {
      const { request } = context.reply;
      if (request.method === 'GET') checkGet(source, graphqlRequestOf(request).operationName ?? null, limits.tokens);
    },
    preValidation: (_schema, document) => {
      checkDocument(document, limits);
    },
    preExecution: (...[schema, document, context, variables]) => {
      const operationName = graphqlRequestOf(context.reply.request).operationName ?? null;
      const operation = measuredOperation(schema, document, {
        operationName,
        variables: (variables as Variables) ?? {},
      });
      const { principal } = context as typeof context & GraphqlContext;
      if (principal === null && !asksSchemaOnly(operation)) throw new Fault('missing_key');
      checkCost(operation, limits.cost);
      // The driver keeps one compiled form per text, whatever operation it was compiled for. A document that is handed
      // back is not compiled, so texts with several operations answer the one that is named.
      return countOperations(document) > 1 ? { document } : undefined;
    },
  };
}
