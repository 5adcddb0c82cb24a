import { beforeEach, describe, expect, it } from 'vitest';
import { startEdge, view, type Edge } from './spec-edge.ts';

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});

const ORIGIN = 'https://shop.example';

describe('a page of any origin', () => {
  it.each([
    ['a good request', {}, 202],
    ['a refused one', { 'x-pg-api-key': 'mistyped' }, 401],
    ['one with an unknown encoding', { 'content-encoding': 'rot13' }, 415],
  ])('may read the answer of %s', async (_what, more, expected) => {
    const { status, headers } = await edge.send(view(), { headers: { origin: ORIGIN, ...more } });
    expect(status).toBe(expected);
    expect(headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'retry-after, x-request-id',
      vary: 'Origin',
    });
  });

  it('may read why its body was too large', async () => {
    const { status, headers, json } = await edge.send(Buffer.alloc(10 * 1024 * 1024 + 1), {
      headers: { origin: ORIGIN },
    });
    expect([status, json.error.code]).toEqual([413, 'body_too_large']);
    expect(headers['access-control-allow-origin']).toBe(ORIGIN);
  });

  it('gets no header without an origin', async () => {
    const { headers } = await edge.send(view());
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a preflight', () => {
  it.each(['/v1/events', '/v1/events/', '/v1/events?key=x'])('of %s needs no key', async (url) => {
    const { status, headers } = await edge.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-pg-api-key,x-anything',
      },
    });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'content-type,x-pg-api-key,x-anything',
      'access-control-max-age': '600',
    });
  });

  it('that asks for no headers hears of those that are ours', async () => {
    const { headers } = await edge.inject({ method: 'OPTIONS', url: '/v1/events', headers: { origin: ORIGIN } });
    expect(headers['access-control-allow-headers']).toContain('x-pg-api-key');
  });
});

it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const)('%s is not allowed', async (method) => {
  const { status, headers, json } = await edge.inject({ method, url: '/v1/events' });
  expect([status, headers.allow]).toEqual([405, 'POST, OPTIONS']);
  if (method !== 'HEAD')
    expect(json.error).toMatchObject({ code: 'method_not_allowed', request_id: expect.any(String) });
});
