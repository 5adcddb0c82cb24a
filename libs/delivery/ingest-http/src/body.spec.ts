import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { InjectOptions } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW, startEdge, view, type Edge } from './spec-edge.ts';

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});

const ids = (): string[] => edge.events().map((event) => event.eventId);
const named = (id: string): object => view({ event_id: id });
const lines = (...events: object[]): string => events.map((event) => JSON.stringify(event)).join('\n');

describe('a body may be', () => {
  it.each<[string, string | Buffer, string | undefined]>([
    ['an object with events', JSON.stringify({ events: [named('a'), named('b')] }), 'application/json'],
    ['an array', JSON.stringify([named('a'), named('b')]), 'application/json'],
    ['NDJSON', lines(named('a'), named('b')), 'application/x-ndjson'],
    [
      'NDJSON with blank lines, CRLF and a break at the end',
      `\r\n${lines(named('a'))}\r\n\r\n${lines(named('b'))}\r\n`,
      'application/x-ndjson',
    ],
    ['NDJSON by another name', lines(named('a'), named('b')), 'text/jsonl; charset=utf-8'],
    ['NDJSON that says JSON', lines(named('a'), named('b')), 'application/json'],
    ['NDJSON that says nothing', lines(named('a'), named('b')), undefined],
    ['JSON that says text/plain (sendBeacon)', JSON.stringify([named('a'), named('b')]), 'text/plain;charset=UTF-8'],
    ['JSON that says it is a form', JSON.stringify([named('a'), named('b')]), 'application/x-www-form-urlencoded'],
    ['JSON that says multipart', JSON.stringify([named('a'), named('b')]), 'multipart/form-data; boundary=x'],
    [
      'gzip that says it is a form',
      gzipSync(JSON.stringify([named('a'), named('b')])),
      'application/x-www-form-urlencoded',
    ],
    ['zstd that says nothing', zstdCompressSync(JSON.stringify([named('a'), named('b')])), undefined],
    ['JSON of a type that is none', JSON.stringify([named('a'), named('b')]), 'json'],
    ['JSON of a broken type', JSON.stringify([named('a'), named('b')]), ';;;=,'],
    ['JSON of an empty type', JSON.stringify([named('a'), named('b')]), ''],
    ['JSON with a byte order mark', `\ufeff${JSON.stringify([named('a'), named('b')])}`, 'application/json'],
    ['JSON with white space around', ` \r\n\t${JSON.stringify([named('a'), named('b')])}\n `, 'application/json'],
  ])('%s', async (_what, payload, type) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const { status, json } = await edge.send(payload, { headers });
    expect([status, json]).toEqual([202, { accepted: 2, rejected: 0, errors: [] }]);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('one event', async () => {
    const { status, json } = await edge.send(named('a'));
    expect([status, json.accepted, ids()]).toEqual([202, 1, ['a']]);
  });

  it.each(['/v1/events', '/v1/events/'])('sent to %s', async (url) => {
    expect((await edge.send(named('a'), { url })).status).toBe(202);
  });

  it.each([
    ['an empty batch', '{"events":[]}'],
    ['an empty array', '[]'],
  ])('%s: nothing to do', async (_what, payload) => {
    const { status, json } = await edge.send(payload);
    expect([status, json]).toEqual([202, { accepted: 0, rejected: 0, errors: [] }]);
    expect(edge.log.appends).toEqual([]);
  });
});

describe('a whole request is refused for', () => {
  const many = (count: number): string => `[${Array.from({ length: count }, () => JSON.stringify(view())).join()}]`;

  it.each<[string, string, number, string | Buffer, InjectOptions?]>([
    ['no body', 'malformed_body', 400, ''],
    ['white space', 'malformed_body', 400, ' \n'],
    ['text', 'malformed_body', 400, 'hello'],
    [
      'a form',
      'malformed_body',
      400,
      'data=%7B%7D',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['a number', 'malformed_body', 400, '42'],
    ['a string', 'malformed_body', 400, '"event"'],
    ['null', 'malformed_body', 400, 'null'],
    ['JSON that is cut off', 'malformed_body', 400, JSON.stringify([view(), view()]).slice(0, -5)],
    ['JSON with something behind', 'malformed_body', 400, `${JSON.stringify([view()])}]`],
    ['a trailing comma', 'malformed_body', 400, `[${JSON.stringify(view())},]`],
    ['an array never closed, 1,000,000 deep', 'malformed_body', 400, '['.repeat(1_000_000)],
    ['bytes', 'malformed_body', 400, Buffer.from([0, 1, 2, 0xff, 0xfe])],
    ['UTF-16', 'malformed_body', 400, Buffer.from('\ufeff[{}]', 'utf16le')],
    ['gzip that is cut off', 'malformed_body', 400, gzipSync(many(10)).subarray(0, 60)],
    ['an encoding that is none', 'unsupported_encoding', 415, many(1), { headers: { 'content-encoding': 'rot13' } }],
    [
      'an encoding of the prototype',
      'unsupported_encoding',
      415,
      many(1),
      { headers: { 'content-encoding': 'constructor' } },
    ],
    ['1,001 events', 'too_many_events', 413, many(1_001)],
    ['1,001 lines', 'too_many_events', 413, lines(...Array.from({ length: 1_001 }, () => view()))],
    ['1,001 numbers', 'too_many_events', 413, `[${'1,'.repeat(1_000)}1]`],
    ['more than 10 MB', 'body_too_large', 413, Buffer.alloc(10 * 1024 * 1024 + 1, ' ')],
    [
      'a bomb',
      'body_too_large',
      413,
      gzipSync(Buffer.alloc(50 * 1024 * 1024)),
      { headers: { 'content-encoding': 'gzip' } },
    ],
    [
      'historical with a write key',
      'historical_not_allowed',
      403,
      JSON.stringify({ events: [view()], historical: true }),
    ],
    ['?historical=1 with a write key', 'historical_not_allowed', 403, many(1), { url: '/v1/events?historical=1' }],
  ])('%s: %s', async (...[, code, status, payload, options]) => {
    const reply = await edge.send(payload, options);
    expect([reply.status, reply.json]).toEqual([
      status,
      { error: { code, message: expect.stringMatching(/\w/), request_id: reply.headers['x-request-id'] } },
    ]);
    expect(edge.log.appends).toEqual([]);
    expect(edge.facts.told.eventsJudged).toEqual([]);
  });

  it('takes exactly 1,000 events, and exactly 10 MB', async () => {
    expect((await edge.send(many(1_000))).json.accepted).toBe(1_000);
    const body = Buffer.alloc(10 * 1024 * 1024, ' ');
    body.write(JSON.stringify(view()));
    expect((await edge.send(body)).json.accepted).toBe(1);
  });
});

describe('a project lowers', () => {
  const lowered = { events: 3, bodyBytes: 2_000, eventBytes: 300, idLength: 10, textLength: 20, depth: 2, keys: 3 };
  beforeEach(async () => {
    edge = await startEdge({ settings: { limits: lowered } });
  });

  it.each<[string, string, number, string | Buffer, InjectOptions?]>([
    ['events', 'too_many_events', 413, lines(view(), view(), view(), view())],
    ['body bytes', 'body_too_large', 413, ' '.repeat(2_001)],
    ['body bytes after decompression', 'body_too_large', 413, gzipSync(' '.repeat(2_001))],
  ])('%s', async (...[, code, status, payload, options]) => {
    const reply = await edge.send(payload, options);
    expect([reply.status, reply.json.error.code]).toEqual([status, code]);
  });

  it.each([
    ['event bytes', 'event_too_large', { properties: { text: 'x'.repeat(300) } }],
    ['lengths of ids', 'field_too_long', { 'session.id': 'x'.repeat(11) }],
    ['lengths of texts', 'field_too_long', { 'page.path': 'x'.repeat(21) }],
    ['depth', 'properties_too_deep', { properties: { a: { b: { c: 1 } } } }],
    ['keys', 'properties_too_deep', { properties: { a: 1, b: 2, c: 3, d: 4 } }],
  ])('%s', async (_what, code, fields) => {
    const { status, json } = await edge.send([view(), view(fields)]);
    expect([status, json.accepted, json.errors]).toEqual([202, 1, [expect.objectContaining({ index: 1, code })]]);
  });
});

describe('options of a batch', () => {
  const sent = NOW - 3_600_000;
  const at = (time: number): object => view({ 'event.timestamp': time });
  const year1999 = Date.UTC(1999, 11, 31);
  const old = Date.UTC(2003, 1, 1);

  it.each<[string, object | string, string]>([
    ['in the object', { events: [at(sent)], sent_at: sent }, ''],
    ['in the object, as ISO 8601', { events: [at(sent)], sent_at: new Date(sent).toISOString() }, ''],
    ['in the object, before the events', { sent_at: sent, events: [at(sent)] }, ''],
    ['in the query of an array', [at(sent)], `?sent_at=${new Date(sent).toISOString()}`],
    [
      'in the query of NDJSON',
      JSON.stringify(at(sent)),
      `?sent_at=${encodeURIComponent(new Date(sent).toISOString())}`,
    ],
  ])('sent_at %s', async (_where, body, query) => {
    expect((await edge.send(body, { url: `/v1/events${query}` })).status).toBe(202);
    expect(edge.events()).toMatchObject([{ timestamp: NOW, sentAt: sent, originalTimestamp: sent }]);
  });

  it.each(['yesterday', '', 'null', true, {}, []])('sent_at %j counts as not told', async (told) => {
    expect((await edge.send({ events: [at(sent)], sent_at: told })).json.accepted).toBe(1);
    expect(edge.events()).toMatchObject([{ timestamp: sent, sentAt: null }]);
  });

  it.each<[string, (events: object[]) => object, string]>([
    ['in the object', (events) => ({ events, historical: true }), ''],
    ['in the query', (events) => events, '?historical=true'],
    ['in the query as 1', (events) => events, '?historical=1'],
  ])('historical %s, with a secret key: whatever the age', async (_where, make, query) => {
    edge = await startEdge({ settings: { retentionDays: 30 } });
    const body = make([at(old), at(year1999)]);
    const headers = { 'x-pg-api-key': edge.made.secret.secret };
    const { status, json } = await edge.send(body, { url: `/v1/events${query}`, headers });
    expect([status, json.accepted, json.errors]).toEqual([
      202,
      1,
      [expect.objectContaining({ index: 1, code: 'timestamp_out_of_range' })],
    ]);
    expect(edge.events()).toMatchObject([{ timestamp: old, flags: 2 }]);
  });

  it.each([
    ['false', { events: [view()], historical: false }, ''],
    ['text', { events: [view()], historical: 'true' }, ''],
    ['?historical=0', [view()], '?historical=0'],
    ['a key of the event', view({ historical: true }), ''],
  ])('historical %s is none', async (_what, body, query) => {
    expect((await edge.send(body, { url: `/v1/events${query}` })).status).toBe(202);
    expect(edge.events()[0]?.flags).toBe(16);
  });

  it('a secret key sends the present too', async () => {
    await edge.send(view(), { headers: { 'x-pg-api-key': edge.made.secret.secret } });
    expect(edge.events()[0]?.flags).toBe(16);
  });
});
