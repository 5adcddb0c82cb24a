import type { FastifyRequest } from 'fastify';
import { Fault } from './fault.ts';

/** The parts of a GraphQL request that the driver and the hooks read. */
export interface GraphqlRequest {
  readonly query?: string;
  readonly operationName?: string | null;
  readonly variables?: object | string | null;
  readonly extensions?: object | string | null;
}

/** What was asked, wherever the method carries it. */
export function graphqlRequestOf(request: FastifyRequest): GraphqlRequest {
  const asked: unknown = request.method === 'POST' ? request.body : request.query;
  return asked ?? {};
}

/**
 * Refuses bodies and query strings that are not a GraphQL request before the driver reads them.
 * @throws Fault malformed_body, invalid_request
 */
export function checkRequest(request: FastifyRequest, variablesDepth: number): void {
  const body: unknown = graphqlRequestOf(request);
  if (Array.isArray(body))
    throw new Fault('invalid_request', 'One operation per request: several fields may be asked in one.');
  if (!isObject(body)) throw new Fault('malformed_body', 'The body has to be an object with `query`.');
  checkFields(body, request.method === 'POST' ? isObject : isText);
  const { variables } = body;
  if (!isObject(variables) || !deeperThan(variables, variablesDepth)) return;
  const message = `The variables are nested too deeply; the limit is ${variablesDepth}.`;
  throw new Fault('query_too_expensive', message, { budget: 'variablesDepth', limit: variablesDepth });
}

/** In a query string, objects are JSON text. */
function checkFields(body: Readonly<Record<string, unknown>>, isJson: (value: unknown) => boolean): void {
  const { query, operationName, variables, extensions } = body;
  const faults = [
    wrong('query', 'a string', absent(query) || isText(query)),
    wrong('operationName', 'a string', absent(operationName) || isText(operationName)),
    wrong('variables', 'an object', absent(variables) || isJson(variables)),
    wrong('extensions', 'an object', absent(extensions) || isJson(extensions)),
    absent(query) && absent(extensions) ? '`query` has to be given, or a persisted query’s hash' : null,
  ].filter((fault) => fault !== null);
  if (faults.length > 0) throw new Fault('invalid_request', faults.join('; '), { faults });
}

const absent = (value: unknown): boolean => value === undefined || value === null || value === '';
const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (field: string, what: string, fine: boolean): string | null =>
  fine ? null : `\`${field}\` has to be ${what}`;

/** Level by level, because the call stack would not hold what JSON can nest. */
function deeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((one): unknown[] => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}
