import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Api, startApi } from '../testing/api.ts';

let api: Api;
let token: string;
beforeEach(async () => {
  api = await startApi();
  token = api.token('viewer', api.shop.id);
});
afterEach(() => api.close());

const ME = '{ me { role } }';
const answer = { status: 200, data: { me: { role: 'viewer' } }, errors: [] };
const get = (query: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  api.send({ method: 'GET', url: '/graphql', query, headers: { authorization: `Bearer ${token}`, ...headers } });

describe('ways to ask', () => {
  it.each<[string, () => Promise<Answer>]>([
    ['POST', () => api.ask(ME, token)],
    [
      'POST with a trailing slash',
      () => api.send({ method: 'POST', url: '/graphql/', headers: { 'x-pg-api-key': token }, payload: { query: ME } }),
    ],
    [
      'POST with nulls',
      () => api.ask({ query: ME, variables: null, operationName: null, extensions: null } as never, token),
    ],
    ['GET', () => get({ query: ME })],
    ['GET by a browser', () => get({ query: ME }, { accept: 'text/html' })],
    [
      'GET with variables',
      () => get({ query: 'query ($x: Boolean!) { me { role @include(if: $x) } }', variables: '{"x":true}' }),
    ],
    [
      'GET of one operation of several',
      () => get({ query: `query A ${ME} query B { fields { name } }`, operationName: 'A' }),
    ],
  ])('%s', async (_what, ask) => {
    expect(await ask()).toMatchObject(answer);
  });

  it.each<[string, number, string, Record<string, string>]>([
    ['a mutation', 405, 'method_not_allowed', { query: 'mutation { removeMember(id: "x") }' }],
    ['one of several operations that is not named', 400, 'invalid_request', { query: `query A ${ME} query B ${ME}` }],
    ['an operation that is not there', 400, 'invalid_request', { query: `query A ${ME}`, operationName: 'B' }],
    ['a syntax error', 400, 'invalid_request', { query: '{ me' }],
    ['variables that are no JSON', 400, 'malformed_body', { query: ME, variables: '{' }],
    ['extensions that are no JSON', 400, 'malformed_body', { extensions: '{' }],
    ['nothing', 400, 'invalid_request', {}],
  ])('GET of %s is refused', async (...[_what, status, code, query]) => {
    expect(await get(query)).toMatchObject({ status, errors: [{ extensions: { code } }] });
  });

  it('of several operations the one that is named is answered, however often', async () => {
    const query = `query A { a: me { role } } query B { b: me { role } } mutation C { removeMember(id: "x") }`;
    for (let i = 0; i < 6; i++) {
      const role = { role: 'viewer' };
      expect((await api.ask({ query, operationName: 'A' }, token)).data).toEqual({ a: role });
      expect((await api.ask({ query, operationName: 'B' }, token)).data).toEqual({ b: role });
      expect((await api.ask({ query, operationName: 'C' }, token)).errors[0]?.extensions.code).toBe('forbidden');
    }
  });
});

describe('persisted queries', () => {
  const sha256Hash = createHash('sha256').update(ME).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };

  it('are learnt once and answered by their hash', async () => {
    const unknown = await api.ask({ extensions }, token);
    expect(unknown).toMatchObject({
      status: 404,
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'not_found' } }],
    });
    expect(await api.ask({ query: ME, extensions }, token)).toMatchObject(answer);
    expect(await api.ask({ extensions }, token)).toMatchObject(answer);
    expect(await get({ extensions: JSON.stringify(extensions) })).toMatchObject(answer);
    expect(await api.ask({ extensions }, null)).toMatchObject({ status: 401 });
  });

  it('have to have the hash of their text', async () => {
    const { status, errors } = await api.ask({ query: '{ fields { name } }', extensions }, token);
    expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'invalid_request' });
    expect(await api.ask({ extensions }, token)).toMatchObject({ status: 404 });
  });

  it.each([{ persistedQuery: { version: 2, sha256Hash } }, { persistedQuery: true }, { persistedQuery: 'x' }])(
    'of another protocol are refused: %j',
    async (other) => {
      const { status, errors } = await api.ask({ extensions: other }, token);
      expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'invalid_request' });
    },
  );

  it('that fail are not learnt', async () => {
    const query = '{ nope }';
    const hash = createHash('sha256').update(query).digest('hex');
    await api.ask({ query, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }, token);
    const again = await api.ask({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }, token);
    expect(again.status).toBe(404);
  });
});

describe('a store that takes its time', () => {
  const TREND = '{ trend(input: {}) { tookMs } me { role } }';
  const hanging = () => {
    const signals: AbortSignal[] = [];
    api.engine.behave(({ signal }) => {
      if (signal) signals.push(signal);
      return new Promise<never>(() => undefined);
    });
    return signals;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is told to stop when the request has had its time, and the client why', async () => {
    const signals = hanging();
    const asked = api.ask(TREND, token);
    await until(() => signals.length === 1);
    api.clock.advance(34_999);
    expect(signals[0]?.aborted).toBe(false);
    api.clock.advance(1);
    const { status, errors, data } = await asked;
    expect({ status, data }).toEqual({ status: 200, data: { trend: null, me: { role: 'viewer' } } });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('35 s'), extensions: { code: 'query_too_expensive', budget: 'time' } },
    ]);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('is told to stop when the client goes away', async () => {
    const signals = hanging();
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = api.app.server.address() as AddressInfo;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const request = httpRequest({ port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers });
    request.on('error', () => undefined);
    request.end(JSON.stringify({ query: TREND }));
    await until(() => signals.length === 1);
    expect(signals[0]?.aborted).toBe(false);
    request.destroy();
    await until(() => signals[0]?.aborted === true);
    await until(() => api.told.some(({ fact }) => fact === 'questionAnswered'));
    expect(api.told.map(({ fact }) => fact)).not.toContain('operationFailed');
  });

  it('is not told to stop after an answer', async () => {
    const signals: AbortSignal[] = [];
    const run = api.engine.run.bind(api.engine);
    api.engine.run = (question, options) => {
      if (options.signal) signals.push(options.signal);
      return run(question, options);
    };
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = api.app.server.address() as AddressInfo;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: TREND }),
    });
    expect(await response.json()).toMatchObject({ data: { trend: { tookMs: 1.5 } } });
    expect(signals[0]?.aborted).toBe(false);
  });
});
