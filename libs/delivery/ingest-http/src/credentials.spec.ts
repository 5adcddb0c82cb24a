import { generateKey } from '@productgraph/contracts';
import type { InjectOptions } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { startEdge, view, type Edge, type Reply } from './spec-edge.ts';

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});

const basic = (user: string, password = ''): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** One event with nothing but what the case gives. */
async function post(options: InjectOptions): Promise<Reply> {
  return edge.inject({ method: 'POST', url: '/v1/events', payload: JSON.stringify(view()), ...options });
}

describe('the key is found in', () => {
  it.each<[string, (key: string) => InjectOptions]>([
    ['X-PG-API-Key', (key) => ({ headers: { 'X-PG-API-Key': key } })],
    ['Authorization: Bearer', (key) => ({ headers: { authorization: `Bearer ${key}` } })],
    ['Authorization: bearer', (key) => ({ headers: { authorization: `bearer  ${key} ` } })],
    ['the user of Basic', (key) => ({ headers: { authorization: basic(key) } })],
    ['the user of Basic with a password', (key) => ({ headers: { authorization: basic(key, 'any') } })],
    ['?key=', (key) => ({ url: `/v1/events?key=${key}` })],
    ['?key= beside other parameters', (key) => ({ url: `/v1/events?historical=0&key=${key}&x=%` })],
    ['?key= of a path with a slash behind', (key) => ({ url: `/v1/events/?key=${key}` })],
    ['the header before the query', (key) => ({ url: '/v1/events?key=x', headers: { 'x-pg-api-key': key } })],
    ['Bearer before the query', (key) => ({ url: '/v1/events?key=x', headers: { authorization: `Bearer ${key}` } })],
    ['the own header before Bearer', (key) => ({ headers: { 'x-pg-api-key': key, authorization: 'Bearer x' } })],
    [
      'the query, when Authorization is of another scheme',
      (key) => ({
        url: `/v1/events?key=${key}`,
        headers: { authorization: 'Negotiate abc' },
      }),
    ],
    [
      'the query, when Basic has no user',
      (key) => ({
        url: `/v1/events?key=${key}`,
        headers: { authorization: basic('', 'secret') },
      }),
    ],
  ])('%s', async (_where, options) => {
    const { status, json } = await post(options(edge.made.write.secret));
    expect([status, json.accepted]).toEqual([202, 1]);
  });
});

describe('refused', () => {
  it.each<[string, string, number, (edge: Edge) => InjectOptions | Promise<InjectOptions>]>([
    ['no key', 'missing_key', 401, () => ({})],
    ['an empty key', 'missing_key', 401, () => ({ headers: { 'x-pg-api-key': '' } })],
    ['an empty ?key=', 'missing_key', 401, () => ({ url: '/v1/events?key=' })],
    ['Basic without user', 'missing_key', 401, () => ({ headers: { authorization: basic('', 'x') } })],
    ['Basic that is not base64', 'missing_key', 401, () => ({ headers: { authorization: 'Basic !!!' } })],
    ['a mistyped key', 'invalid_key', 401, ({ made }) => ({ headers: { 'x-pg-api-key': `${made.write.secret}x` } })],
    ['an unknown key', 'invalid_key', 401, () => ({ headers: { 'x-pg-api-key': generateKey('pgw') } })],
    ['a key of binary', 'invalid_key', 401, () => ({ headers: { 'x-pg-api-key': '\xff\x80' } })],
    [
      'a key of 10,000 characters',
      'invalid_key',
      401,
      () => ({ headers: { 'x-pg-api-key': 'pgw_'.padEnd(10_000) + 'x' } }),
    ],
    [
      'a revoked key',
      'invalid_key',
      401,
      async (to) => {
        const { id, secret } = await to.issue('pgw');
        await to.tenants.revokeKey(to.project.orgId, id, 'system');
        return { headers: { 'x-pg-api-key': secret } };
      },
    ],
    [
      'a disabled key',
      'key_disabled',
      403,
      async (to) => {
        const { id, secret } = await to.issue('pgw');
        await to.tenants.setKeyDisabled({ orgId: to.project.orgId, keyId: id, disabled: true }, 'system');
        return { headers: { 'x-pg-api-key': secret } };
      },
    ],
    ["an organisation's token", 'forbidden', 403, ({ made }) => ({ headers: { 'x-pg-api-key': made.token.secret } })],
    [
      "a project's token",
      'forbidden',
      403,
      async (to) => {
        const { secret } = await to.issue('pgt');
        return { headers: { authorization: `Bearer ${secret}` } };
      },
    ],
  ])('%s: %s', async (...[, code, status, options]) => {
    const reply = await post(await options(edge));
    expect(reply.status).toBe(status);
    expect(reply.json).toEqual({
      error: { code, message: expect.any(String), request_id: reply.headers['x-request-id'] },
    });
    expect(edge.log.appends).toEqual([]);
    expect(edge.facts.told.requestRefused).toEqual([{ code }]);
  });

  it('never repeats the key in the answer', async () => {
    const key = generateKey('pgs');
    const { json } = await post({ headers: { 'x-pg-api-key': key } });
    expect(JSON.stringify(json)).not.toContain(key);
  });
});

describe('the request id', () => {
  it('is the caller’s, where it may be one', async () => {
    const { headers, json } = await post({ headers: { 'x-request-id': 'my-id.1' } });
    expect([headers['x-request-id'], json.error.request_id]).toEqual(['my-id.1', 'my-id.1']);
  });

  it('is made else', async () => {
    const { headers, json } = await post({ headers: { 'x-request-id': 'my\tid"' } });
    expect(json.error.request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-request-id']).toBe(json.error.request_id);
  });
});

describe('a key with an allow-list of origins', () => {
  it.each([
    ['an origin on it', 'https://shop.example', 202],
    ['the same in capitals', 'HTTPS://Shop.Example', 202],
    ['no origin (not a browser)', undefined, 202],
    ['another one', 'https://evil.example', 403],
    ['another port', 'https://shop.example:8443', 403],
    ['a longer one', 'https://shop.example.evil.example', 403],
    ['the opaque one', 'null', 403],
  ])('%s', async (_what, origin, expected) => {
    const { secret } = await edge.issue('pgw', ['https://shop.example']);
    const headers = { 'x-pg-api-key': secret, ...(origin !== undefined && { origin }) };
    const { status, json } = await post({ headers });
    expect(status).toBe(expected);
    if (expected === 403) expect(json.error.code).toBe('origin_not_allowed');
  });
});
