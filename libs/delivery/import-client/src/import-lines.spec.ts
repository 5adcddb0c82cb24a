import { Readable } from 'node:stream';
import type { Clock } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { ImportRefused, type ImportTarget } from './connection.ts';
import { importLines, type Translate } from './import-lines.ts';
import { fromStream } from './lines.ts';
import { awaitStored, readCounts, requestSettlement } from './settle.ts';

interface Sent {
  readonly path: string;
  readonly body: string;
}

type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | Error;

/** A server that answers as told, and then accepts everything. */
function server(replies: Reply[] = []) {
  const sent: Sent[] = [];
  const slept: number[] = [];
  let now = 1_000;
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
  const respond = async (url: URL, init: RequestInit): Promise<Response> => {
    const body = typeof init.body === 'string' ? init.body : '';
    const reply = replies.shift();
    if (reply instanceof Error) throw reply;
    if (reply !== undefined)
      return new Response(JSON.stringify(reply.body), { status: reply.status, headers: reply.headers ?? {} });
    sent.push({ path: url.pathname + url.search, body });
    const accepted = url.pathname === '/v1/events' ? body.split('\n').length : 0;
    return new Response(JSON.stringify({ accepted, rejected: 0, errors: [] }), { status: 202 });
  };
  const target: ImportTarget = {
    url: 'http://x:1',
    key: 'pgs_1',
    clock,
    random: () => 0,
    fetch: ((url: URL, init: RequestInit) => respond(url, init)) as typeof fetch,
  };
  return { target, sent, slept };
}

const source = (text: string) => fromStream(Readable.from([Buffer.from(text)]), { label: 'web' });

const translate: Translate = (line, number) => {
  const text = line.toString();
  if (text === '') return { kind: 'blank' };
  return text.startsWith('bad')
    ? { kind: 'unreadable', message: 'no format' }
    : { kind: 'event', json: `{"n":${number},"t":"${text}"}` };
};

describe('importLines', () => {
  it('sends events in order in batches of 1,000 and unreadable lines beside them', async () => {
    const { target, sent } = server();
    const lines = Array.from({ length: 2_500 }, (_, i) => (i === 1_200 ? 'bad line' : `l${i}`)).join('\n');
    const progress: number[] = [];
    const summary = await importLines({
      target,
      source: source(`${lines}\n\n`),
      translate,
      historical: true,
      onProgress: ({ lines: done }) => progress.push(done),
    });
    expect(summary).toMatchObject({
      lines: 2_501,
      blank: 1,
      accepted: 2_499,
      unreadable: 1,
      rejected: 0,
      duplicate: 0,
    });
    expect(summary.faults).toEqual([{ line: 1_201, code: 'unreadable_line', message: 'no format' }]);
    expect(sent.map(({ path, body }) => [path, body.split('\n').length])).toEqual([
      ['/v1/events?historical=true', 1_000],
      ['/v1/events?historical=true', 1_000],
      ['/v1/import/unreadable', 1],
      ['/v1/events?historical=true', 499],
    ]);
    expect(JSON.parse(sent[2]?.body ?? '')).toEqual({
      source: 'web',
      lines: [{ line: 1_201, text: 'bad line', message: 'no format' }],
    });
    expect(progress).toEqual([1_000, 2_001, 2_501]);
    expect(sent.flatMap(({ path, body }) => (path.startsWith('/v1/events') ? body.split('\n') : []))[999]).toBe(
      '{"n":1000,"t":"l999"}',
    );
  });

  it('tells refused events by line', async () => {
    const errors = [{ index: 1, event_id: null, code: 'invalid_type', message: 'no such type' }];
    const { target } = server([{ status: 202, body: { accepted: 1, rejected: 1, duplicate: 3, errors } }]);
    const summary = await importLines({ target, source: source('a\n\nb\n'), translate, historical: false });
    expect(summary).toMatchObject({
      accepted: 1,
      rejected: 1,
      duplicate: 3,
      faults: [{ line: 3, code: 'invalid_type' }],
    });
  });

  it.each([
    ['429', [{ status: 429, body: {}, headers: { 'retry-after': '7' } }], [7_000]],
    ['503 without a time', [{ status: 503, body: {} }], [100]],
    ['503 with a silly time', [{ status: 503, body: {}, headers: { 'retry-after': '86400' } }], [60_000]],
    ['no answer', [new TypeError('fetch failed'), new TypeError('fetch failed')], [100, 200]],
  ] as [string, Reply[], number[]][])('waits and repeats after %s', async (_name, replies, pauses) => {
    const { target, slept, sent } = server(replies);
    const summary = await importLines({ target, source: source('a\n'), translate, historical: true });
    expect([summary.accepted, slept, sent.length]).toEqual([1, pauses, 1]);
  });

  it.each([
    {
      status: 401,
      body: { error: { code: 'invalid_key', message: 'The key is unknown.' } },
      message: 'The key is unknown.',
      code: 'invalid_key',
    },
    { status: 502, body: '<html>', message: 'status 502', code: null },
  ])('ends at status $status with a sentence', async ({ status, body, message, code }) => {
    const { target } = server([{ status, body }]);
    const importing = importLines({ target, source: source('a\n'), translate, historical: true });
    const error = await importing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImportRefused);
    expect(error).toMatchObject({ message: `http://x:1 refused the import: ${message}`, code });
  });

  it('gives up after about five minutes without an answer, with the true cause', async () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:1');
    const { target, slept } = server(Array.from({ length: 40 }, () => new TypeError('fetch failed', { cause })));
    const importing = importLines({ target, source: source('a\n'), translate, historical: true });
    await expect(importing).rejects.toThrow('http://x:1 did not take the import for too long: connect ECONNREFUSED');
    expect(slept.length).toBe(39);
  });

  it.each([
    { what: 'where nothing listens', code: 'ECONNREFUSED', times: 1, pauses: 0 },
    { what: 'that does not answer', code: 'ECONNRESET', times: 40, pauses: 6 },
  ])('tells soon of a server $what, when it is the first that is asked', async ({ code, times, pauses }) => {
    const cause = Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });
    const { target, slept } = server(Array.from({ length: times }, () => new TypeError('fetch failed', { cause })));
    const asked = await readCounts(target, 0, { isFirst: true }).catch((error: unknown) => error);
    expect(asked).toBeInstanceOf(ImportRefused);
    expect(String(asked)).toContain(`No server answers at http://x:1 (connect ${code} 127.0.0.1:1): start it`);
    expect(slept.length).toBe(pauses);
  });

  it('waits for a first server that says that it is busy, and then for as long as for any other', async () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const counts = { accepted: 0, stored: 0, duplicate: 0, rejected: 0, quarantinedLater: 0 };
    const busy = { status: 503, body: {}, headers: { 'retry-after': '9' } };
    const { target, slept } = server([busy, new TypeError('fetch failed', { cause }), { status: 200, body: counts }]);
    expect(await readCounts(target, 0, { isFirst: true })).toEqual(counts);
    expect(slept).toEqual([9_000, 200]);
  });

  it('ends when aborted, and not with a retry', async () => {
    const { target } = server([new TypeError('fetch failed')]);
    const reason = new Error('stop');
    const importing = importLines({
      target: { ...target, signal: AbortSignal.abort(reason) },
      source: source('a\n'),
      translate,
      historical: true,
    });
    await expect(importing).rejects.toBe(reason);
  });
});

describe('the end of an import', () => {
  const counts = (accepted: number, stored: number, duplicate = 0) => ({
    status: 200,
    body: { accepted, stored, duplicate, rejected: 0, quarantinedLater: 0 },
  });

  it('waits until every accepted event has found its end', async () => {
    const { target, slept } = server([counts(3, 3), counts(10, 8, 2), counts(13, 10, 3)]);
    const before = { accepted: 3, stored: 3, duplicate: 0, rejected: 0, quarantinedLater: 0 };
    const after = await awaitStored(target, { from: 60_000, before, accepted: 10, timeoutMs: 5_000 });
    expect(after).toMatchObject({ accepted: 10, stored: 7, duplicate: 3 });
    expect(slept).toEqual([200, 200]);
  });

  it('stops waiting at its time', async () => {
    const { target } = server(Array.from({ length: 9 }, () => counts(0, 0)));
    const before = { accepted: 0, stored: 0, duplicate: 0, rejected: 0, quarantinedLater: 0 };
    expect(await awaitStored(target, { from: 0, before, accepted: 1, timeoutMs: 900 })).toEqual(before);
  });

  it('asks for settlement of what was received', async () => {
    const { target, sent } = server();
    await requestSettlement(target, { from: 1.5, to: 9.5 });
    expect(sent).toEqual([{ path: '/v1/import/finish', body: '{"received_from":1,"received_to":10}' }]);
  });
});
