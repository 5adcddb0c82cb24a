import { LogUnavailable } from '@productgraph/kernel';
import type { InjectOptions } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW, startEdge, type Edge, type Reply } from './spec-edge.ts';

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});

const post = (url: string, body: unknown, key = edge.made.secret.secret): Promise<Reply> =>
  edge.inject({
    method: 'POST',
    url,
    headers: { 'x-pg-api-key': key },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
const line = (n: number, text = `bad ${n}`): object => ({ line: n, text, message: 'it does not match' });

describe('who may not import', () => {
  const routes: readonly [string, InjectOptions][] = [
    ['unreadable', { method: 'POST', url: '/v1/import/unreadable', payload: 'not even JSON' }],
    ['counts', { method: 'GET', url: '/v1/import/counts?from=0' }],
    ['finish', { method: 'POST', url: '/v1/import/finish', payload: '{}' }],
  ];
  const senders: readonly [string, string, number, () => string | undefined][] = [
    ['nobody', 'missing_key', 401, () => undefined],
    ['a mistyped key', 'invalid_key', 401, () => 'pgs_x'],
    ['a write key', 'forbidden', 403, () => edge.made.write.secret],
    ['a token', 'forbidden', 403, () => edge.made.token.secret],
  ];
  it.each(
    routes.flatMap(([name, request]) =>
      senders.map(([who, code, status, key]) => [name, who, code, status, request, key] as const),
    ),
  )('%s: %s: %s', async (...[, , code, status, request, key]) => {
    const secret = key();
    const reply = await edge.inject({
      ...request,
      headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` },
    });
    expect([reply.status, reply.json]).toEqual([
      status,
      { error: { code, message: expect.any(String), request_id: reply.headers['x-request-id'] } },
    ]);
    expect([edge.log.appends, edge.settled]).toEqual([[], []]);
  });
});

describe('unreadable lines', () => {
  it('are kept in quarantine with their number', async () => {
    const reply = await post('/v1/import/unreadable', {
      source: 'access.log',
      lines: [line(7), line(9, '\u00e9\ud83d\ude00')],
    });
    expect([reply.status, reply.json]).toEqual([200, { quarantined: 2 }]);
    expect(edge.quarantine()).toEqual([
      {
        id: expect.any(String),
        projectId: edge.project.id,
        receivedAt: NOW,
        stage: 'import',
        code: 'unreadable_line',
        message: 'it does not match',
        eventId: null,
        payload: 'bad 7',
        position: 7,
        source: 'access.log',
        traceId: null,
      },
      expect.objectContaining({ position: 9, payload: 'é😀' }),
    ]);
  });

  it('are the same entries when they are imported again, others when anything differs', async () => {
    const send = (source: string, lines: object[]): Promise<Reply> => post('/v1/import/unreadable', { source, lines });
    await send('a', [line(1), line(2)]);
    edge.clock.set(NOW + 1_000);
    await send('a', [line(1), line(2)]);
    await send('b', [line(1)]);
    await send('a', [line(1, 'other')]);
    const [one, two, again, twoAgain, other, text] = edge.quarantine().map((entry) => entry.id);
    expect(new Set(edge.quarantine().map((entry) => entry.id)).size).toBe(4);
    expect([again, twoAgain].sort()).toEqual([one, two].sort());
    expect([other, text]).not.toContain(one);
  });

  it('are cut where they are long, and may be none', async () => {
    await post('/v1/import/unreadable', { source: 'x'.repeat(1_000), lines: [line(1, 'y'.repeat(200_000))] });
    const [entry] = edge.quarantine();
    expect([entry?.source?.length, entry?.payload.length]).toEqual([500, 100 * 1024]);
    expect((await post('/v1/import/unreadable', { source: 'a', lines: [] })).json).toEqual({ quarantined: 0 });
  });

  it('that the log does not take: 503', async () => {
    edge.log.fail(new LogUnavailable('away'));
    const reply = await post('/v1/import/unreadable', { source: 'a', lines: [line(1)] });
    expect([reply.status, reply.json.error.code, reply.headers['retry-after']]).toEqual([503, 'unavailable', '1']);
  });

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', null],
    ['a list', []],
    ['no source', { lines: [] }],
    ['no lines', { source: 'a' }],
    ['a line without number', { source: 'a', lines: [{ text: 'x', message: 'y' }] }],
    ['a line with a fraction', { source: 'a', lines: [{ ...line(1), line: 1.5 }] }],
    ['a line without text', { source: 'a', lines: [{ line: 1, message: 'y' }] }],
    ['a line without message', { source: 'a', lines: [{ line: 1, text: 'x' }] }],
    ['a line that is null', { source: 'a', lines: [null] }],
    ['1,001 lines', { source: 'a', lines: Array.from({ length: 1_001 }, (_, n) => line(n)) }],
    ['depth', '['.repeat(100_000)],
  ])('as %s are refused', async (_what, body) => {
    const reply = await post('/v1/import/unreadable', body);
    expect([reply.status, reply.json.error.code]).toEqual([400, 'malformed_body']);
    expect(edge.log.appends).toEqual([]);
  });
});

describe('counts', () => {
  const counts = (query: string): Promise<Reply> =>
    edge.inject({ url: `/v1/import/counts${query}`, headers: { 'x-pg-api-key': edge.made.secret.secret } });

  it('are those of the desk', async () => {
    const reply = await counts(`?from=${NOW}`);
    expect([reply.status, reply.json]).toEqual([200, edge.counts]);
  });

  it.each([
    '',
    '?from',
    '?from=x',
    '?from=-1',
    '?from=1.5',
    '?from=1e300',
    '?from=9007199254740991',
    '?from=NaN',
    '?from=%',
  ])('of %j are refused', async (query) => {
    const reply = await counts(query);
    expect([reply.status, reply.json.error.code]).toEqual([400, 'invalid_request']);
  });
});

describe('finish', () => {
  it('asks for settlement of what was received meanwhile', async () => {
    const span = { received_from: NOW - 5, received_to: NOW };
    const reply = await post('/v1/import/finish', span);
    expect([reply.status, reply.json]).toEqual([200, { settling: { from: NOW - 5, to: NOW } }]);
    expect(edge.settled).toEqual([{ projectId: edge.project.id, from: NOW - 5, to: NOW }]);
  });

  it.each<[string, string, unknown]>([
    ['no JSON', 'malformed_body', 'x'],
    ['no times', 'invalid_request', {}],
    ['half the times', 'invalid_request', { received_from: 1 }],
    ['a text', 'invalid_request', { received_from: 'x', received_to: 1 }],
    ['null', 'invalid_request', { received_from: null, received_to: 1 }],
    ['times backwards', 'invalid_request', { received_from: 2, received_to: 1 }],
    ['times without end', 'invalid_request', { received_from: 1, received_to: 9e15 }],
  ])('with %s is refused: %s', async (_what, code, body) => {
    const reply = await post('/v1/import/finish', body);
    expect([reply.status, reply.json.error.code]).toEqual([400, code]);
    expect(edge.settled).toEqual([]);
  });

  it('of a span in which nothing can have been received is refused with what the desk says', async () => {
    const fault = Object.assign(new Error('The project has received nothing then.'), { statusCode: 422 });
    edge = await startEdge({ beforeSettling: () => Promise.reject(fault) });
    const reply = await post('/v1/import/finish', { received_from: 1, received_to: 2 });
    expect([reply.status, reply.json]).toEqual([
      400,
      {
        error: {
          code: 'invalid_request',
          message: 'The project has received nothing then.',
          request_id: reply.headers['x-request-id'],
        },
      },
    ]);
    expect([edge.settled, edge.unexpected]).toEqual([[], []]);
  });

  it('that cannot be noted is a fault of ours, and says nothing of it', async () => {
    edge = await startEdge({ beforeSettling: () => Promise.reject(new Error('a secret')) });
    const reply = await post('/v1/import/finish', { received_from: 1, received_to: 2 });
    expect([reply.status, reply.json.error.code]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(reply.json)).not.toContain('secret');
    expect(edge.unexpected).toHaveLength(1);
  });
});
