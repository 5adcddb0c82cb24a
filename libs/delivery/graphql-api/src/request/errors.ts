import { ERROR_CODES, type ErrorCode } from '@productgraph/contracts';
import { InvalidQuestion, QueryTooExpensive } from '@productgraph/domain-query';
import { Conflict } from '@productgraph/domain-tenant';
import { LogUnavailable } from '@productgraph/kernel';
import { GraphQLError } from 'graphql';
import { Fault } from './fault.ts';

/** What the client is told of an error; `expected` is false for bugs and failing stores, which are told to the operator. */
export interface ToldError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly expected: boolean;
}

/** The one table from errors to codes. The first rule that knows the error answers. */
const RULES: readonly ((error: unknown) => Fault | undefined)[] = [
  (error) => (error instanceof Fault ? error : undefined),
  (error) => (error instanceof InvalidQuestion ? invalidQuestion(error.faults) : undefined),
  (error) =>
    error instanceof QueryTooExpensive
      ? new Fault('query_too_expensive', error.message, { budget: error.budget })
      : undefined,
  (error) => (error instanceof Conflict ? new Fault('conflict', error.message) : undefined),
  (error) => (error instanceof LogUnavailable ? new Fault('unavailable') : undefined),
  (error) => driverRule(error),
];

/** Faults of the server's framework and of the GraphQL driver, by their codes. */
const DRIVER_CODES: Readonly<Record<string, { readonly code: ErrorCode; readonly message?: string }>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'malformed_body', message: 'The body is not JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'malformed_body', message: 'The body is empty.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'malformed_body',
    message: 'Content-Length is not the length of the body.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', message: 'The body is larger than a GraphQL request may be.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'invalid_request', message: 'Content-Type has to be application/json.' },
  MER_ERR_METHOD_NOT_ALLOWED: { code: 'method_not_allowed', message: 'Mutations need POST.' },
  // The texts are those that clients of automatic persisted queries look for.
  MER_ERR_GQL_PERSISTED_QUERY_NOT_FOUND: { code: 'not_found' },
  MER_ERR_GQL_PERSISTED_QUERY_NOT_SUPPORTED: { code: 'invalid_request' },
  MER_ERR_GQL_PERSISTED_QUERY_MISMATCH: { code: 'invalid_request' },
  // Variables or extensions of a GET that are not JSON.
  MER_ERR_GQL_VALIDATION: { code: 'malformed_body', message: '`variables` or `extensions` is not JSON.' },
};

function driverRule(error: unknown): Fault | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const known = DRIVER_CODES[error.code];
  return known && new Fault(known.code, known.message ?? error.message);
}

function invalidQuestion(faults: readonly string[]): Fault {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new Fault('invalid_request', `The question has ${count}: ${faults.join('; ')}`, { faults });
}

/** Several faults of one document or its variables; each is told as an error of its own. */
export class DocumentFaults extends Error {
  override readonly name = 'DocumentFaults';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join('; '));
    this.errors = errors;
  }
}

/** Code and words for any error that comes out of the driver. Nothing of an unexpected error is told but that it happened. */
export function tell(error: unknown): ToldError {
  const cause = causeOf(error);
  const fault = RULES.map((rule) => rule(cause)).find((found) => found !== undefined) ?? documentFault(error, cause);
  if (fault !== undefined) return { code: fault.code, message: fault.message, details: fault.details, expected: true };
  return { code: 'internal_error', message: ERROR_CODES.internal_error.meaning, details: {}, expected: false };
}

/** What the driver wrapped, also more than once. */
export function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** Syntax, validation and variables: an error of GraphQL's own without a path of execution. */
function documentFault(error: unknown, cause: unknown): Fault | undefined {
  const ofDocument = cause instanceof GraphQLError && error instanceof GraphQLError && error.path === undefined;
  return ofDocument ? new Fault('invalid_request', error.message) : undefined;
}
