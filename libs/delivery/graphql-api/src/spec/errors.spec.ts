import { ERROR_CODES, generateKey } from '@productgraph/contracts';
import { InvalidQuestion, QueryTooExpensive } from '@productgraph/domain-query';
import { Conflict } from '@productgraph/domain-tenant';
import { LogUnavailable } from '@productgraph/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../testing/api.ts';

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi();
  token = api.token('owner', api.shop.id);
});
afterEach(() => {
  api.engine.behave(null);
  api.told.length = 0;
});
afterAll(() => api.close());

const TREND = '{ trend(input: {}) { tookMs } }';
const post = (payload: string, headers: Record<string, string> = {}) =>
  api.send({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    payload,
  });

describe('a request that is refused', () => {
  it.each<[string, number, string, () => ReturnType<Api['send']>]>([
    ['without a token', 401, 'missing_key', () => api.ask(TREND, null)],
    ['with a mistyped token', 401, 'invalid_key', () => api.ask(TREND, `${token.slice(0, -1)}_`)],
    ['with an unknown token', 401, 'invalid_key', () => api.ask(TREND, generateKey('pgt'))],
    ['with an ingest key', 403, 'forbidden', () => api.ask(TREND, generateKey('pgw'))],
    ['that is no JSON', 400, 'malformed_body', () => post('{"query":')],
    [
      'that reaches for prototypes',
      400,
      'malformed_body',
      () => post('{"query":"{ me { role } }","__proto__":{"x":1}}'),
    ],
    ['that is empty', 400, 'malformed_body', () => post('')],
    ['that is a text', 400, 'malformed_body', () => post('"{ me { role } }"')],
    ['that is null', 400, 'invalid_request', () => post('null')],
    ['without a query', 400, 'invalid_request', () => post('{}')],
    ['with an empty query', 400, 'invalid_request', () => post('{"query":""}')],
    [
      'with fields of other types',
      400,
      'invalid_request',
      () => post('{"query":1,"variables":[],"operationName":{},"extensions":"x"}'),
    ],
    ['as text', 400, 'malformed_body', () => post('query=x', { 'content-type': 'text/plain' })],
    ['with a syntax error', 400, 'invalid_request', () => api.ask('{ me { role }', token)],
    ['with an unknown field', 400, 'invalid_request', () => api.ask('{ me { nope } }', token)],
    [
      'with an argument of another type',
      400,
      'invalid_request',
      () => api.ask('{ trend(input: {interval: fortnight}) { tookMs } }', token),
    ],
    [
      'with an unknown operation name',
      400,
      'invalid_request',
      () => api.ask({ query: 'query A { me { role } }', operationName: 'B' }, token),
    ],
    [
      'with two operations and no name',
      400,
      'invalid_request',
      () => api.ask('query A { me { role } } query B { me { role } }', token),
    ],
    [
      'with nothing but a fragment',
      400,
      'invalid_request',
      () => api.ask('fragment F on Query { me { role } }', token),
    ],
    ['for a subscription', 400, 'invalid_request', () => api.ask('subscription { me { role } }', token)],
  ])('%s', async (...[_what, status, code, send]) => {
    const answer = await send();
    expect(answer).toMatchObject({ status, data: null });
    expect(answer.errors[0]).toMatchObject({ message: expect.any(String), extensions: { code, request_id: 'req-7' } });
    expect(ERROR_CODES).toHaveProperty(code);
    expect(api.told).toEqual([{ fact: 'operationAnswered', value: { code, seconds: expect.any(Number) } }]);
  });

  it('lists everything that is wrong with the document', async () => {
    const { errors } = await api.ask('{ me { nope } trend { tookMs } }', token);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('nope'),
      expect.stringContaining('"input" of type "TrendInput!" is required'),
    ]);
    expect(errors.every(({ extensions }) => extensions.code === 'invalid_request')).toBe(true);
  });

  it.each([1, 2, 3, 4, 5])('lists everything that is wrong with the variables, the %i. time too', async () => {
    const query =
      'query ($a: Int!, $r: Range!, $s: Scalar) { events(input: {range: $r, filter: {field: "x", value: $s}}, first: $a) { tookMs } }';
    const { status, errors } = await api.ask({ query, variables: { r: 7, s: {} } }, token);
    expect(status).toBe(400);
    expect(errors.map(({ message, extensions }) => [message, extensions.code])).toEqual([
      [expect.stringContaining('$a'), 'invalid_request'],
      [expect.stringContaining('"$r"'), 'invalid_request'],
      [expect.stringContaining('"$s"'), 'invalid_request'],
    ]);
  });
});

describe('a field that fails', () => {
  it.each<[string, Error, string, Record<string, unknown>]>([
    ['too much time', new QueryTooExpensive('time', 'took over 30 s'), 'query_too_expensive', { budget: 'time' }],
    ['too many rows', new QueryTooExpensive('rows', 'over 100,000 rows'), 'query_too_expensive', { budget: 'rows' }],
    ['too much memory', new QueryTooExpensive('memory', 'x'), 'query_too_expensive', { budget: 'memory' }],
    [
      'what only the store finds wrong',
      new InvalidQuestion(['a: b', 'c: d']),
      'invalid_request',
      { faults: ['a: b', 'c: d'] },
    ],
    ['a conflict', new Conflict('taken'), 'conflict', {}],
    ['a log that is down', new LogUnavailable('x'), 'unavailable', {}],
  ])('by %s is told with its code, beside the data', async (...[_what, error, code, details]) => {
    api.engine.behave(() => Promise.reject(error));
    const { status, data, errors } = await api.ask('{ trend(input: {}) { tookMs } me { role } }', token);
    expect({ status, data }).toEqual({ status: 200, data: { trend: null, me: { role: 'owner' } } });
    expect(errors).toMatchObject([{ path: ['trend'], extensions: { code, request_id: 'req-7', ...details } }]);
    expect(api.told.map(({ fact }) => fact)).not.toContain('operationFailed');
  });

  it.each<[string, unknown]>([
    ['an error', new Error('connect ECONNREFUSED 10.1.2.3:5432 password=hunter2')],
    ['an error with a status', Object.assign(new Error('password=hunter2'), { statusCode: 400, code: '42P01' })],
    ['something else', { secret: 'hunter2' }],
    ['nothing', undefined],
  ])('by %s nobody expected keeps it to the operator', async (_what, error) => {
    api.engine.behave(async () => {
      throw error;
    });
    const { status, data, errors, text } = await api.ask(TREND, token);
    expect({ status, data }).toEqual({ status: 200, data: { trend: null } });
    expect(errors).toMatchObject([
      { message: ERROR_CODES.internal_error.meaning, extensions: { code: 'internal_error', request_id: 'req-7' } },
    ]);
    expect(text).not.toMatch(/hunter2|10\.1\.2\.3|42P01/);
    const failed = api.told.find(({ fact }) => fact === 'operationFailed');
    expect(failed?.value.requestId).toBe('req-7');
    if (error instanceof Error) expect(failed?.value.error).toBe(error);
  });

  it('by an answer that does not fit the schema keeps it to the operator', async () => {
    api.health = { components: [{ name: 'x', state: 'odd' as never, detail: null }], lag: [] };
    const { errors } = await api.ask('{ health { components { state } } }', token);
    expect(errors).toMatchObject([
      { message: ERROR_CODES.internal_error.meaning, extensions: { code: 'internal_error' } },
    ]);
  });

  it('in a list has numbers in its path', async () => {
    api.health = { components: [{ name: 'x', state: 'odd' as never, detail: null }], lag: [] };
    const { errors } = await api.ask('{ health { components { state } } }', token);
    expect(errors[0]?.path).toEqual(['health', 'components', 0, 'state']);
  });
});

describe('facts', () => {
  it.each([
    ['ok', null, 'ok'],
    ['a budget', new QueryTooExpensive('time', 'x'), 'budget'],
    ['an error', new Error('x'), 'error'],
  ])('of a question: %s', async (_what, error, outcome) => {
    api.engine.behave(error && (() => Promise.reject(error)));
    await api.ask(TREND, token);
    expect(api.told).toContainEqual({ fact: 'questionAnswered', value: { kind: 'trend', outcome, seconds: 0 } });
  });

  it('of an operation without errors', async () => {
    await api.ask(TREND, token);
    expect(api.told).toContainEqual({ fact: 'operationAnswered', value: { code: null, seconds: expect.any(Number) } });
  });
});
