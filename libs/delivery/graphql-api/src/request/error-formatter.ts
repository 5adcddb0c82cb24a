import { ERROR_CODES, type ErrorCode } from '@productgraph/contracts';
import type { FastifyReply } from 'fastify';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { GraphqlFacts } from '@productgraph/platform-telemetry';
import { causeOf, DocumentFaults, tell } from './errors.ts';

interface FormattedAnswer {
  readonly statusCode: number;
  readonly response: { readonly data: ExecutionResult['data']; readonly errors: readonly GraphQLFormattedError[] };
}

type FailedExecution = ExecutionResult & { readonly errors: readonly GraphQLError[] };

/** First code of each answer with errors, for the facts of the request. */
const told = new WeakMap<FastifyReply, ErrorCode>();

export function firstCodeOf(reply: FastifyReply): ErrorCode | null {
  return told.get(reply) ?? null;
}

/**
 * Formats errors for the driver. A request that was refused before execution has the HTTP status of its first code; once
 * executed it is 200 with the errors beside the data.
 */
export function createErrorFormatter(facts: GraphqlFacts) {
  return (execution: FailedExecution, context: { readonly reply: FastifyReply }): FormattedAnswer => {
    const { reply } = context;
    const requestId = reply.request.id;
    const codes: ErrorCode[] = [];
    const errors = execution.errors.flatMap(expand).map((error) => {
      const { code, message, details, expected } = tell(error);
      codes.push(code);
      if (!expected) facts.operationFailed({ requestId, error: causeOf(error) });
      return formatted(error, message, { code, request_id: requestId, ...details });
    });
    const first = codes[0] ?? 'internal_error';
    told.set(reply, first);
    const statusCode = 'data' in execution ? 200 : (ERROR_CODES[first].status ?? 500);
    return { statusCode, response: { data: execution.data ?? null, errors } };
  };
}

/** Validation gives one error that holds the real ones. */
function expand(error: GraphQLError): readonly GraphQLError[] {
  const cause = causeOf(error);
  const inner = cause instanceof DocumentFaults || isValidation(cause) ? cause.errors : undefined;
  if (inner === undefined || inner.length === 0) return [error];
  return inner.map((one) => (one instanceof GraphQLError ? one : asGraphqlError(one)));
}

/** The driver's way to say that a document cannot be executed. */
function isValidation(error: unknown): error is { readonly errors?: readonly unknown[] } {
  return error instanceof Error && 'code' in error && error.code === 'MER_ERR_GQL_VALIDATION';
}

/** The parser gives up on very deep documents with an error of the engine: to the client that is a fault of the document. */
function asGraphqlError(error: unknown): GraphQLError {
  const tooDeep = error instanceof RangeError;
  return new GraphQLError(tooDeep ? 'The document is nested too deeply.' : 'The document cannot be read.');
}

function formatted(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLFormattedError {
  return {
    message,
    ...(error.locations && { locations: error.locations }),
    ...(error.path && { path: error.path }),
    extensions,
  };
}
