import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { EVENT_TYPES, nativeEventSchema, PLACEHOLDER_IDS, type StoredEvent } from '@productgraph/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW, startEdge, view, type Edge } from './spec-edge.ts';

/*
 * What docs promise of single fields, types and encodings, over HTTP: each field alone, in both spellings, up to its limit, beyond it.
 */

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

type Column = keyof StoredEvent;
const TEXT = 8_192;
const ID = 200;

/** Fields that are strings: column, longest. */
const STRINGS: readonly (readonly [string, Column, number])[] = [
  ['event.name', 'name', ID],
  ['session.id', 'sessionId', ID],
  ['user.id', 'userId', ID],
  ['anonymous.id', 'anonymousId', ID],
  ['page.path', 'pagePath', TEXT],
  ['page.title', 'pageTitle', TEXT],
  ['page.url', 'pageUrl', TEXT],
  ['page.referrer', 'pageReferrer', TEXT],
  ['ui.component.name', 'uiComponentName', TEXT],
  ['ui.component.path', 'uiComponentPath', TEXT],
  ['ui.component.type', 'uiComponentType', TEXT],
  ['ui.action', 'uiAction', TEXT],
  ['ui.element', 'uiElement', TEXT],
  ['ui.element.text', 'uiElementText', TEXT],
  ['ui.state.key', 'uiStateKey', TEXT],
  ['gen_ai.journey.id', 'journeyId', ID],
  ['gen_ai.step.id', 'stepId', ID],
  ['gen_ai.step.name', 'stepName', ID],
  ['api.method', 'apiMethod', TEXT],
  ['api.route', 'apiRoute', TEXT],
  ['error.type', 'errorType', TEXT],
  ['error.message', 'errorMessage', TEXT],
  ['error.stack', 'errorStack', TEXT],
];

/** Fields that are numbers: column, good values, bad ones. */
const NUMBERS: readonly (readonly [string, Column, readonly number[], readonly unknown[]])[] = [
  ['event.sequence', 'sequence', [0, 7, Number.MAX_SAFE_INTEGER], [-1, 1.5, '7', true, 2 ** 53]],
  ['api.status', 'apiStatus', [0, 200, 32_767], [-1, 200.5, '200', 32_768]],
  ['api.duration_ms', 'apiDurationMs', [0, 1.5, 1e12], [-0.1, '5', []]],
  ['duration_ms', 'durationMs', [0, 0.25, 1e12], [-1, '5', {}]],
];

/** Fields that are objects: column and how deep and wide they may be. */
const OBJECTS: readonly (readonly [string, Column])[] = [
  ['properties', 'properties'],
  ['metadata', 'properties'],
  ['context', 'context'],
];

/** `{"a.b.c": 1}` as `{"a": {"b": {"c": 1}}}`. */
const nest = (name: string, value: unknown): object =>
  name.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as object;
const levels = (n: number): object => JSON.parse('{"a":'.repeat(n) + '1' + '}'.repeat(n)) as object;
const wide = (n: number): object => Object.fromEntries(Array.from({ length: n }, (_, key) => [`k${key}`, key]));

/** The event, refused, by its code; or null when it was stored. */
async function codeOf(event: object): Promise<string | null> {
  const { status, json } = await edge.send([event]);
  expect(status).toBe(202);
  return json.accepted === 1 ? null : json.errors[0].code;
}

let count = 0;

async function stored(column: Column, event: object): Promise<unknown> {
  const id = `event-${count++}`;
  expect([event, await codeOf({ ...event, event_id: id })]).toEqual([event, null]);
  return edge.events().find(({ eventId }) => eventId === id)?.[column];
}

it('the tables here name every field of the contract', () => {
  const named = [...STRINGS, ...NUMBERS, ...OBJECTS].map(([name]) => name);
  const others = ['event_id', 'event.type', 'event.timestamp', 'ui.state.before', 'ui.state.after', 'groups'];
  expect([...named, ...others].sort()).toEqual(Object.keys(nativeEventSchema.shape).sort());
});

it.each(EVENT_TYPES)('type %s, flat and nested', async (type) => {
  const more = { 'user.id': 'ann', ...(type === 'custom' && { 'event.name': 'named' }) };
  expect(await stored('type', { 'event.type': type, ...more })).toBe(type);
  expect(await stored('type', { event: { type }, ...more })).toBe(type);
  expect(await codeOf({ 'event.type': type.toUpperCase(), ...more })).toBe('invalid_type');
});

describe.each(STRINGS)('%s', (name, column, longest) => {
  it('comes back, flat and nested', async () => {
    expect(await stored(column, view({ [name]: 'Zoë "x"\\ 😀' }))).toBe('Zoë "x"\\ 😀');
    const somebody = name === 'session.id' ? { 'user.id': 'u' } : { 'session.id': 's' };
    expect(await stored(column, { 'event.type': 'page.view', ...somebody, ...nest(name, 'nested') })).toBe('nested');
  });

  it('is as long as allowed, and no longer', async () => {
    expect(await stored(column, view({ [name]: 'é'.repeat(longest) }))).toBe('é'.repeat(longest));
    expect(await codeOf(view({ [name]: 'é'.repeat(longest + 1) }))).toBe('field_too_long');
  });

  it('is no other type, and null is absent', async () => {
    // An object would be a nested spelling of `ui.element.text`.
    for (const wrong of [7, true, ['x'], ...(name === 'ui.element' ? [] : [{}])])
      expect([wrong, await codeOf(view({ [name]: wrong }))]).toEqual([wrong, 'invalid_event']);
    expect(
      await stored(column, { 'event.type': 'page.view', 'user.id': 'u', 'session.id': 's', [name]: null }),
    ).toBeNull();
  });
});

describe.each(NUMBERS)('%s', (...[name, column, good, bad]) => {
  it('comes back, flat and nested', async () => {
    for (const value of good) {
      expect(await stored(column, view({ [name]: value }))).toBe(value);
      expect(await stored(column, view(nest(name, value)))).toBe(value);
    }
  });

  it('is nothing else, and null is absent', async () => {
    for (const value of bad) expect([value, await codeOf(view({ [name]: value }))]).toEqual([value, 'invalid_event']);
    expect(await stored(column, view({ [name]: null }))).toBe(name === 'event.sequence' ? 0 : null);
  });
});

describe.each(OBJECTS)('%s', (name, column) => {
  it('may be 16 levels deep and hold 1,000 keys, and no more', async () => {
    expect(JSON.parse((await stored(column, view({ [name]: levels(16) }))) as string)).toEqual(levels(16));
    expect(await codeOf(view({ [name]: levels(17) }))).toBe('properties_too_deep');
    expect(JSON.parse((await stored(column, view({ [name]: wide(1_000) }))) as string)).toEqual(wide(1_000));
    expect(await codeOf(view({ [name]: wide(1_001) }))).toBe('properties_too_deep');
  });

  it('is an object, and null is absent', async () => {
    for (const wrong of ['x', 1, [], false])
      expect([wrong, await codeOf(view({ [name]: wrong }))]).toEqual([wrong, 'invalid_event']);
    expect(await stored(column, view({ [name]: null }))).toBe('{}');
  });
});

it('properties win over metadata, and both over unknown keys', async () => {
  const event = view({ metadata: { a: 'm', b: 'm' }, a: 'u', b: 'u', c: 'u', properties: { a: 'p' } });
  expect(JSON.parse((await stored('properties', event)) as string)).toEqual({ a: 'p', b: 'm', c: 'u' });
});

describe('context', () => {
  it('is kept whole, with campaign and user agent in columns besides', async () => {
    const context = {
      ip: '203.0.113.7',
      library: { name: 'x' },
      locale: 'de-CH',
      timezone: 'Europe/Zurich',
      campaign: { utm_source: 'news', utm_medium: 'mail', utm_campaign: 'autumn' },
      user_agent: BROWSER,
    };
    await edge.send(view({ context }));
    const [event] = edge.events();
    expect(JSON.parse(event?.context ?? '')).toEqual(context);
    expect(event).toMatchObject({
      utmSource: 'news',
      utmMedium: 'mail',
      utmCampaign: 'autumn',
      userAgent: BROWSER,
      flags: 16,
    });
  });
});

describe('groups', () => {
  it('are keys by type; null is absent', async () => {
    expect(
      JSON.parse((await stored('groups', view({ groups: { company: 'acme', team: null } }))) as string),
    ).toMatchObject({
      company: 'acme',
    });
    expect(await stored('groups', view({ groups: null }))).toBe('{}');
  });

  it.each([
    ['a list', ['acme'], 'invalid_event'],
    ['a number as key', { company: 7 }, 'invalid_event'],
    ['201 characters', { company: 'x'.repeat(201) }, 'field_too_long'],
  ])('are not %s', async (_what, groups, code) => {
    expect(await codeOf(view({ groups }))).toBe(code);
  });
});

describe.each([
  ['ui.state.before', 'uiStateBefore'],
  ['ui.state.after', 'uiStateAfter'],
] as const)('%s', (name, column) => {
  it.each(['"text"', '1.50', 'true', '[1,{"a":9007199254740993}]', '{"a":null}'])('is any JSON: %s', async (json) => {
    const { status } = await edge.send(`{"event.type":"state.change","user.id":"ann","${name}":${json}}`);
    expect([status, edge.events()[0]?.[column]]).toEqual([202, json]);
  });

  it('nests no deeper than 16', async () => {
    expect(await codeOf(view({ [name]: levels(16) }))).toBeNull();
    expect(await codeOf(view({ [name]: levels(17) }))).toBe('properties_too_deep');
  });
});

describe('a placeholder for nobody counts as absent:', () => {
  const spellings = PLACEHOLDER_IDS.flatMap((id) => [id, id.toUpperCase(), ` ${id}\t`]);

  it.each(['user.id', 'anonymous.id', 'session.id'])('as %s alone', async (field) => {
    const events = spellings.map((id) => ({ 'event.type': 'page.view', [field]: id }));
    const { json } = await edge.send(events);
    expect([json.accepted, json.rejected]).toEqual([0, spellings.length]);
    expect(new Set(json.errors.map(({ code }: { code: string }) => code))).toEqual(new Set(['missing_identity']));
  });

  it('beside an id that is one', async () => {
    await edge.send(spellings.map((id) => ({ 'event.type': 'page.view', 'user.id': id, 'anonymous.id': 'a-1' })));
    expect(edge.events()).toHaveLength(spellings.length);
    for (const event of edge.events()) expect([event.userId, event.userKey]).toEqual([null, 'a:a-1']);
  });

  it.each(['00', 'nobody', 'nullable', 'guest1', 'ids', 'trueish'])('%j is none', async (id) => {
    expect(await stored('userKey', view({ 'user.id': id }))).toBe(`u:${id}`);
  });
});

describe('a body is taken as', () => {
  const body = JSON.stringify([view({ event_id: 'a' }), view({ event_id: 'b' })]);
  it.each<[string, (text: string) => Buffer, string | undefined]>([
    ['gzip', gzipSync, 'gzip'],
    ['gzip in capitals', gzipSync, 'GZIP'],
    ['gzip by its first bytes', gzipSync, undefined],
    ['zstd', zstdCompressSync, 'zstd'],
    ['brotli', brotliCompressSync, 'br'],
    ['deflate', deflateSync, 'deflate'],
    ['what it is', Buffer.from, 'identity'],
  ])('%s', async (_name, compress, encoding) => {
    const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
    const { status, json } = await edge.send(compress(body), { headers });
    expect([status, json]).toEqual([202, { accepted: 2, rejected: 0, errors: [] }]);
    expect(edge.events().map(({ eventId }) => eventId)).toEqual(['a', 'b']);
  });
});

describe('historical NDJSON', () => {
  const line = JSON.stringify(view({ 'event.timestamp': Date.UTC(2003, 1, 1) }));
  const type = 'application/x-ndjson';

  it('takes a secret key', async () => {
    const headers = { 'content-type': type, 'x-pg-api-key': edge.made.secret.secret };
    const reply = await edge.send(`${line}\n${line}`, { url: `/v1/events?historical=true&sent_at=${NOW}`, headers });
    expect([reply.status, reply.json.accepted]).toEqual([202, 2]);
    expect(edge.events()).toMatchObject([{ flags: 2 }, { flags: 2 }]);
  });

  it('is refused with a write key', async () => {
    const reply = await edge.send(line, { url: '/v1/events?historical=true', headers: { 'content-type': type } });
    expect([reply.status, reply.json.error.code]).toEqual([403, 'historical_not_allowed']);
  });
});

it('an error names the place of the event and the id it came with', async () => {
  const { json } = await edge.send([view(), { event_id: 'e-1' }, view(), { 'event.type': 'nope' }]);
  expect(json).toEqual({
    accepted: 2,
    rejected: 2,
    errors: [
      { index: 1, event_id: 'e-1', code: 'invalid_type', message: expect.stringMatching(/\w/) },
      { index: 3, event_id: null, code: 'invalid_type', message: expect.stringMatching(/\w/) },
    ],
  });
});
