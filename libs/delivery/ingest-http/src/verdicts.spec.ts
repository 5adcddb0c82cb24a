import { INGEST_LIMITS } from '@productgraph/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW, startEdge, view, type Edge } from './spec-edge.ts';

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});

const HOUR = 3_600_000;
const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('an event alone is refused for', () => {
  it.each<[string, string, unknown]>([
    ['no object', 'invalid_event', 42],
    ['null', 'invalid_event', null],
    ['an array', 'invalid_event', []],
    ['no type', 'invalid_type', { 'user.id': 'ann' }],
    ['another type', 'invalid_type', view({ 'event.type': 'page_view' })],
    ['custom without name', 'missing_name', view({ 'event.type': 'custom' })],
    ['nobody', 'missing_identity', { 'event.type': 'page.view' }],
    ['a placeholder', 'missing_identity', view({ 'user.id': ' NULL ' })],
    ['an empty event_id', 'invalid_event_id', view({ event_id: '' })],
    ['a numeric event_id', 'invalid_event_id', view({ event_id: 7 })],
    ['an event_id of 201 characters', 'invalid_event_id', view({ event_id: 'x'.repeat(201) })],
    ['a time that is none', 'invalid_timestamp', view({ 'event.timestamp': 'soon' })],
    ['a time before 2000', 'timestamp_out_of_range', view({ 'event.timestamp': '1999-12-31T23:59:59Z' })],
    ['a name of 201 characters', 'field_too_long', view({ 'event.name': 'x'.repeat(201) })],
    ['properties that are none', 'invalid_event', view({ properties: 'x' })],
    [
      '17 levels',
      'properties_too_deep',
      view({ properties: JSON.parse('{"a":'.repeat(17) + '1' + '}'.repeat(17)) as object }),
    ],
    [
      '1,001 keys',
      'properties_too_deep',
      view({ properties: Object.fromEntries(Array.from({ length: 1_001 }, (_, key) => [key, 1])) }),
    ],
    ['more than 100 KB', 'event_too_large', view({ properties: { text: 'x'.repeat(INGEST_LIMITS.eventBytes) } })],
    ['U+0000', 'invalid_text', view({ properties: { text: 'a\0b' } })],
    ['half of a surrogate pair', 'invalid_text', view({ 'page.title': '\ud83d' })],
  ])('%s: %s; its neighbours are taken', async (_what, code, bad) => {
    const { status, json } = await edge.send([view({ event_id: 'before' }), bad, view({ event_id: 'after' })]);
    expect(status).toBe(202);
    expect(json).toEqual({
      accepted: 2,
      rejected: 1,
      errors: [
        {
          index: 1,
          event_id: expect.toSatisfy((id: unknown) => id === null || typeof id === 'string'),
          code,
          message: expect.stringMatching(/\w/),
        },
      ],
    });
    expect(edge.events().map((event) => event.eventId)).toEqual(['before', 'after']);
    expect(edge.quarantine()).toMatchObject([{ code, position: 1, stage: 'ingest', projectId: edge.project.id }]);
  });

  it('not being JSON, on a line of NDJSON', async () => {
    const body = [
      JSON.stringify(view({ event_id: 'a' })),
      '{"event.type":',
      '\0\0',
      JSON.stringify(view({ event_id: 'b' })),
    ];
    const { json } = await edge.send(body.join('\n'), { headers: { 'content-type': 'application/x-ndjson' } });
    expect(json).toMatchObject({
      accepted: 2,
      rejected: 2,
      errors: [
        { index: 1, code: 'invalid_event' },
        { index: 2, code: 'invalid_event' },
      ],
    });
    expect(edge.quarantine().map((entry) => entry.payload)).toEqual(['{"event.type":', '\0\0']);
  });

  it('bad UTF-8: only in the event where it is', async () => {
    const body = Buffer.concat([
      Buffer.from('[{"event.type":"page.view","user.id":"a'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(`"},${JSON.stringify(view({ event_id: 'good' }))}]`),
    ]);
    const { json } = await edge.send(body);
    expect(json).toMatchObject({ accepted: 1, rejected: 1, errors: [{ index: 0, code: 'invalid_text' }] });
    expect(edge.quarantine()[0]?.payload).toBe('{"event.type":"page.view","user.id":"a\ufffd("}');
  });
});

describe('quarantine', () => {
  it('holds the original bytes, the reason, the place and the request', async () => {
    const event = '{ "event.type":"nope","event_id":"e1",  "properties":{"n":12345678901234567890.10, "n":1e400}}';
    await edge.send(`[${event}]`, {
      headers: { 'x-request-id': 'req-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    });
    expect(edge.quarantine()).toEqual([
      {
        id: expect.stringMatching(UUID_7),
        projectId: edge.project.id,
        receivedAt: NOW,
        stage: 'ingest',
        code: 'invalid_type',
        message: expect.stringMatching(/^event\.type is none of page\.view, .*, custom$/),
        eventId: 'e1',
        payload: event,
        position: 0,
        source: 'req-1',
        traceId: '0af7651916cd43dd8448eb211c80319c',
      },
    ]);
  });

  it('cuts an event at 100 KB', async () => {
    await edge.send(view({ properties: { text: 'x'.repeat(200_000) } }));
    expect(edge.quarantine()[0]?.payload.length).toBe(100 * 1024);
  });

  it('names the id with its escapes read, and none that is broken', async () => {
    await edge.send('[{"event_id":"\\u0061\\"b"},{"event_id":"\\ud800"},{"event_id":7}]');
    expect(edge.quarantine().map((entry) => entry.eventId)).toEqual(['a"b', null, null]);
  });

  it('takes all there is: still 202', async () => {
    const { status, json } = await edge.send(Array.from({ length: 1_000 }, (_, n) => ({ n })));
    expect([status, json.accepted, json.rejected, json.errors.length]).toEqual([202, 0, 1_000, 1_000]);
    expect(edge.quarantine().map((entry) => entry.position)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(edge.facts.told.eventsRejected).toEqual([{ code: 'invalid_type', events: 1_000 }]);
  });
});

describe('time', () => {
  const sentBy = (skew: number, time: unknown): object => ({
    events: [view({ 'event.timestamp': time })],
    sent_at: NOW - skew,
  });

  it.each<[string, object, { timestamp: number; flags: number }]>([
    ['none: time of receipt', view(), { timestamp: NOW, flags: 16 }],
    ['null: the same', view({ 'event.timestamp': null }), { timestamp: NOW, flags: 16 }],
    ['epoch milliseconds', view({ 'event.timestamp': NOW - 5 }), { timestamp: NOW - 5, flags: 0 }],
    ['ISO 8601', view({ 'event.timestamp': '2026-09-14T14:34:56.789+02:00' }), { timestamp: NOW, flags: 0 }],
    ['sent with a clock 60 s behind: as it is', sentBy(60_000, NOW - 60_000), { timestamp: NOW - 60_000, flags: 0 }],
    ['sent with a clock 2 h behind: corrected', sentBy(2 * HOUR, NOW - 2 * HOUR - 1), { timestamp: NOW - 1, flags: 4 }],
    ['sent with a clock 2 h ahead: corrected', sentBy(-2 * HOUR, NOW + 2 * HOUR), { timestamp: NOW, flags: 4 }],
    ['the correction is whole seconds', sentBy(HOUR + 499, NOW - HOUR), { timestamp: NOW, flags: 4 }],
    ['23 h ahead: believed', view({ 'event.timestamp': NOW + 23 * HOUR }), { timestamp: NOW + 23 * HOUR, flags: 0 }],
    ['more: replaced', view({ 'event.timestamp': NOW + 23 * HOUR + 1 }), { timestamp: NOW, flags: 8 }],
    [
      'of a bot',
      view({ 'event.timestamp': NOW, context: { user_agent: 'Googlebot/2.1' } }),
      { timestamp: NOW, flags: 1 },
    ],
  ])('%s', async (_what, body, expected) => {
    expect((await edge.send(body)).status).toBe(202);
    expect(edge.events()).toMatchObject([{ receivedAt: NOW, ...expected }]);
  });

  it('replaced by the time of receipt is a warning', async () => {
    const far = view({ 'event.timestamp': NOW + 100 * HOUR });
    expect((await edge.send([far, view(), far])).json.warnings).toEqual([
      { code: 'future_timestamp', count: 2, message: expect.any(String) },
    ]);
  });

  it('before the retention is refused, exactly', async () => {
    edge = await startEdge({ settings: { retentionDays: 30 } });
    const cut = NOW - 30 * 24 * HOUR;
    const { json } = await edge.send([view({ 'event.timestamp': cut }), view({ 'event.timestamp': cut - 1 })]);
    expect(json).toMatchObject({ accepted: 1, rejected: 1, errors: [{ index: 1, code: 'timestamp_out_of_range' }] });
  });
});

describe('ids', () => {
  it('are made where absent', async () => {
    await edge.send([view(), view({ event_id: null })]);
    const made = edge.events().map((event) => event.eventId);
    expect(made).toEqual([expect.stringMatching(UUID_7), expect.stringMatching(UUID_7)]);
    expect(new Set(made).size).toBe(2);
  });

  it('that come twice in a request are stored once and counted', async () => {
    const body = [
      view({ event_id: 'a', 'page.path': '/1' }),
      view({ event_id: 'a' }),
      view({ event_id: '\u0061', 'user.id': 'bob' }),
      view({ event_id: 'b' }),
    ];
    const text = JSON.stringify(body).replace('"event_id":"a","user', '"event_id":"\\u0061","user');
    expect((await edge.send(text)).json).toEqual({ accepted: 2, rejected: 0, duplicate: 2, errors: [] });
    expect(edge.events().map(({ eventId, pagePath }) => [eventId, pagePath])).toEqual([
      ['a', '/1'],
      ['b', null],
    ]);
    expect(edge.facts.told.eventsJudged).toEqual([{ accepted: 2, rejected: 0, duplicate: 2 }]);
  });

  it('of a refused event may come again', async () => {
    const { json } = await edge.send([{ event_id: 'a' }, view({ event_id: 'a' })]);
    expect(json).toMatchObject({ accepted: 1, rejected: 1 });
    expect(json.duplicate).toBeUndefined();
  });

  it('that come twice in two requests are both in the log', async () => {
    await edge.send(view({ event_id: 'a' }));
    expect((await edge.send(view({ event_id: 'a' }))).json).toEqual({ accepted: 1, rejected: 0, errors: [] });
    expect(edge.events()).toHaveLength(2);
  });

  it.each(['a"b', 'a\\b', 'é', '😀', 'a b', '],["', '\u2028', 'x'.repeat(200)])('%j comes back', async (id) => {
    await edge.send(view({ event_id: id }));
    await edge.send(JSON.stringify(view({ event_id: id })).replace(JSON.stringify(id), asEscapes(id)));
    expect(edge.events().map((event) => event.eventId)).toEqual([id, id]);
  });
});

/** The same JSON string, all in escapes. */
const asEscapes = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;

describe('unknown keys', () => {
  it('move into properties, with a warning that counts them', async () => {
    const { json } = await edge.send([
      view({ plan: 'pro', 'page.speed': 3, properties: { plan: 'free', n: 1 } }),
      view({ page: { path: '/x', depth: [1] } }),
      view(),
    ]);
    expect(json).toMatchObject({
      accepted: 3,
      warnings: [{ code: 'unknown_fields', count: 3, message: expect.any(String) }],
    });
    expect(edge.events().map((event) => [event.pagePath, JSON.parse(event.properties)])).toEqual([
      [null, { plan: 'free', 'page.speed': 3, n: 1 }],
      ['/x', { 'page.depth': [1] }],
      [null, {}],
    ]);
  });

  it('of refused events and duplicates do not count', async () => {
    const { json } = await edge.send([{ plan: 1 }, view({ event_id: 'a' }), view({ event_id: 'a', plan: 1 })]);
    expect(json.warnings).toBeUndefined();
  });
});

it('properties are carried byte for byte', async () => {
  const properties =
    '{"n":9007199254740993,"f":0.10000000000000000555,"e":1e400,"u":"\\u00e9\\/é","__proto__":{"x":1},"n":2, "s":"},{"}';
  await edge.send(`[{"event.type":"page.view","user.id":"ann","properties":${properties}}]`);
  expect(edge.events()[0]?.properties).toBe(properties);
});

it('line breaks between tokens do not tear the log’s lines', async () => {
  await edge.send(JSON.stringify([view({ properties: { a: 1, b: [2] } }), view()], null, '\r\n'));
  expect(edge.events().map((event) => JSON.parse(event.properties))).toEqual([{ a: 1, b: [2] }, {}]);
});
