import { type ErrorCode, INGEST_LIMITS } from '@productgraph/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodedBody, decodeBody } from './decode-body.ts';
import { eventTexts } from './spec-arbitraries.ts';

const isBot = (userAgent: string): boolean => userAgent.includes('bot');

interface Seen {
  readonly raws: string[];
  readonly codes: (ErrorCode | null)[];
  readonly body: DecodedBody;
}

function decode(body: string | Buffer, contentType = 'application/json', limits = INGEST_LIMITS): Seen | string {
  const bytes = Buffer.from(body);
  const decoded = decodeBody(bytes, { limits, isBot, contentType });
  if (!decoded.ok) return decoded.code;
  const { events } = decoded;
  return {
    raws: events.map(({ start, end }) => bytes.toString('utf8', start, end)),
    codes: events.map(({ fault }) => fault?.code ?? null),
    body: decoded,
  };
}

function decoded(body: string | Buffer, contentType?: string): Seen {
  const seen = decode(body, contentType);
  if (typeof seen === 'string') throw new Error(seen);
  return seen;
}

const raws = (body: string | Buffer, contentType?: string): string[] => decoded(body, contentType).raws;
const code = (event: string): ErrorCode | null | undefined => decoded(`[${event}]`).codes[0];

const A = '{"event.type":"page.view","user.id":"a"}';
const B = '{"event": {"type": "ui.click"}, "user": {"id": "b"}}';

describe('body', () => {
  it.each([
    ['a batch', `{"events":[${A},${B}]}`],
    ['an array', `[${A},${B}]`],
    ['white space everywhere', `\r\n{ "events" : [ ${A} \n, ${B} ] \t}\n`],
    ['a byte order mark', `\ufeff{"events":[${A},${B}]}`],
    ['other members', `{"api_key":"x","events":[${A},${B}],"more":{"events":[1]},"last":[{"a":1},{"b":2}]}`],
    ['an escaped key', `{"\\u0065vents":[${A},${B}]}`],
    ['events that come twice: the last counts', `{"events":[1,2,3],"events":[${A},${B}]}`],
    ['NDJSON that nobody declared', `${A}\n${B}`],
    ['the same with CRLF and blank lines', `\n${A}\r\n\r\n${B}\r\n`],
  ])('with %s', (_, text) => {
    expect(raws(text)).toEqual([A, B]);
  });

  it('may be one event', () => {
    expect(raws(` ${B} `)).toEqual([B]);
    expect(raws('{}')).toEqual(['{}']);
    expect(raws(`{"event.type":"page.view","user.id":"a","events":5}`)).toHaveLength(1);
  });

  it.each(['{"events":[]}', '[]', '{"events":[ ]}'])('may hold no events: %s', (text) => {
    expect(raws(text)).toEqual([]);
  });

  it('tells sent_at and historical of a batch only', () => {
    const options = '"sent_at":"2026-07-25","historical":true';
    expect(decoded(`{${options},"events":[${A}]}`).body).toMatchObject({ sentAt: '2026-07-25', historical: true });
    expect(decoded(`{"events":[${A}],"sent_at":1,"sent_at":2}`).body).toMatchObject({
      sentAt: 2,
      historical: undefined,
    });
    expect(decoded(`{"event.type":"error",${options}}`).body).toMatchObject({
      sentAt: undefined,
      historical: undefined,
    });
  });

  it.each([
    '', ' ', 'null', '5', '"a"', '{', '[', '{"events"', '{"events":[', `{"events":[${A}`, `{"events":[${A}]`, `{"events":[${A}]}}`, `{"events":[${A},]}`,
    `{"events":[${A}${B}]}`, `[${A}] x`, `${A} x`, `${A}${B}`, `{"events":[${A}],}`, `{"events":[${A}],"x":}`, 'event.type=page.view', '<xml/>', '{\n"a":1\n}\n{}',
  ])('is malformed: %j', (text) => {
    expect(decode(text)).toBe('malformed_body');
  }); // prettier-ignore

  it('is bounded in events', () => {
    const limits = { ...INGEST_LIMITS, events: 2 };
    for (const [text, type] of [
      [`[${A},${A},${A}]`, 'application/json'],
      [`${A}\n${A}\n${A}`, 'application/x-ndjson'],
    ] as const) {
      expect(decode(text, type, limits as typeof INGEST_LIMITS)).toBe('too_many_events');
    }
    expect(decode(`[${A},${A}]`, 'text/plain', limits as typeof INGEST_LIMITS)).toMatchObject({ codes: [null, null] });
  });

  it('keeps the exact bytes of every event', () => {
    fc.assert(
      fc.property(fc.array(eventTexts, { maxLength: 4 }), fc.constantFrom(',', ' , ', ',\n'), (texts, separator) => {
        expect(raws(`{"events":[${texts.join(separator)}],"x":"},{"}`)).toEqual(texts);
      }),
      { numRuns: 200 },
    );
  });
});

describe('NDJSON', () => {
  it.each([
    'application/x-ndjson',
    'application/ndjson; charset=utf-8',
    'Application/X-NDJSON',
    'application/jsonl',
    'text/x-jsonlines',
  ])('as %s refuses broken lines only', (type) => {
    const { raws: lines, codes } = decoded(`${A}\n{"a":\n1}\nnull\n\n${B}\n"x" "y"\n{`, type);
    expect(lines).toEqual([A, '{"a":', '1}', 'null', B, '"x" "y"', '{']);
    expect(codes).toEqual([
      null,
      ...new Array<string>(3).fill('invalid_event'),
      null,
      'invalid_event',
      'invalid_event',
    ]);
  });

  it('looks at every line by itself, however many brackets stay open', () => {
    const lines = Array.from({ length: 900 }, () => `{"a":${'['.repeat(9_000)}`);
    // 8 MB read once take some 20 ms; read again for every line they would take 20 s, and the test would run out of time.
    expect(decoded(lines.join('\n'), 'application/x-ndjson').codes).toHaveLength(900);
  });
});

describe('event', () => {
  it.each<[string, ErrorCode | null]>([
    ['{"event.type":"page.view","user.id":"a"}', null],
    ['{"event":{"type":"custom","name":"n"},"session":{"id":"s"}}', null],
    ['{"event.type":"page.view","user.id":"null","anonymous.id":"x"}', null],
    ['{"event.type":"page.view","user.id":"a","event_id":null,"properties":null,"page.path":null}', null],
    ['1', 'invalid_event'], ['null', 'invalid_event'], ['[]', 'invalid_event'], ['"a"', 'invalid_event'],
    ['{}', 'invalid_type'],
    ['{"event.type":"page.viewed","user.id":"a"}', 'invalid_type'],
    ['{"event.type":5,"user.id":"a"}', 'invalid_type'],
    ['{"event.type":null,"user.id":"a"}', 'invalid_type'],
    ['{"event.type":"custom","user.id":"a"}', 'missing_name'],
    ['{"event.type":"custom","event.name":"","user.id":"a"}', 'missing_name'],
    ['{"event.type":"cust\\u006fm","user.id":"a"}', 'missing_name'],
    ['{"event.type":"page.view"}', 'missing_identity'],
    ['{"event.type":"page.view","user.id":" NULL ","anonymous.id":"0","session.id":"undefined"}', 'missing_identity'],
    ['{"event.type":"page.view","user.id":"n\\u0075ll"}', 'missing_identity'],
    ['{"event.type":"page.view","user.id":42}', 'invalid_event'],
    ['{"event.type":"page.view","user.id":"a","event_id":""}', 'invalid_event_id'],
    ['{"event.type":"page.view","user.id":"a","event_id":7}', 'invalid_event_id'],
    [`{"event.type":"page.view","user.id":"a","event_id":"${'x'.repeat(201)}"}`, 'invalid_event_id'],
    [`{"event.type":"page.view","user.id":"${'x'.repeat(201)}"}`, 'field_too_long'],
    [`{"event.type":"page.view","user.id":"${'é'.repeat(200)}"}`, null],
    [`{"event.type":"page.view","user.id":"a","page.path":"${'x'.repeat(8_193)}"}`, 'field_too_long'],
    ['{"event.type":"page.view","user.id":"a","event.timestamp":"yesterday"}', 'invalid_timestamp'],
    ['{"event.type":"page.view","user.id":"a","event.timestamp":true}', 'invalid_timestamp'],
    ['{"event.type":"page.view","user.id":"a","event.timestamp":1e400}', 'invalid_timestamp'],
    ['{"event.type":"page.view","user.id":"a","event.sequence":-1}', 'invalid_event'],
    ['{"event.type":"page.view","user.id":"a","event.sequence":9007199254740993}', 'invalid_event'],
    ['{"event.type":"api.response","user.id":"a","api.status":200.5}', 'invalid_event'],
    ['{"event.type":"api.response","user.id":"a","api.status":40000}', 'invalid_event'],
    ['{"event.type":"api.response","user.id":"a","api.duration_ms":1e400}', 'invalid_event'],
    ['{"event.type":"page.view","user.id":"a","properties":[1]}', 'invalid_event'],
    ['{"event.type":"group","user.id":"a","groups":{"company":5}}', 'invalid_event'],
    ['{"event.type":"page.view","user.id":"a","properties":{"a":"\\u0000"}}', 'invalid_text'],
    ['{"event.type":"page.view","user.id":"a","properties":{"\\ud800":1}}', 'invalid_text'],
    ['{"event.type":"page.view","user.id":"a","properties":{"a":"\\ud83d\\ude00 \\\\u0000"}}', null],
    [`{"event.type":"page.view","user.id":"a","properties":{"a":"${'x'.repeat(102_400)}"}}`, 'event_too_large'],
  ])('%s: %s', (event, expected) => {
    expect(code(event)).toBe(expected);
  }); // prettier-ignore

  const nested = (levels: number, of = 'properties'): string =>
    `{"event.type":"page.view","user.id":"a","${of}":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
  const wide = (keys: number): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, 1])));

  it.each(['properties', 'metadata', 'context', 'ui.state.before'])('%s nests at most 16 levels', (of) => {
    expect([16, 17, 10_000].map((levels) => code(nested(levels, of)))).toEqual([
      null,
      'properties_too_deep',
      'properties_too_deep',
    ]);
  });

  it('unknown keys nest as they will inside properties', () => {
    expect([15, 16].map((levels) => code(nested(levels, 'strange')))).toEqual([null, 'properties_too_deep']);
  });

  it('properties hold at most 1,000 keys, at all levels together', () => {
    const withKeys = (json: string): string => `{"event.type":"page.view","user.id":"a","properties":${json}}`;
    expect([wide(1_000), wide(1_001), `{"a":[${wide(500)},${wide(500)}]}`].map((json) => code(withKeys(json)))).toEqual([
      null, 'properties_too_deep', 'properties_too_deep',
    ]); // prettier-ignore
  });

  it('with bad UTF-8 does not take its neighbours along', () => {
    const bad = Buffer.concat([
      Buffer.from('{"event.type":"page.view","user.id":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]);
    const good = Buffer.from('{"event.type":"page.view","user.id":"\ufffdé"}');
    const body = Buffer.concat([
      Buffer.from('['),
      good,
      Buffer.from(','),
      bad,
      Buffer.from(','),
      good,
      Buffer.from(']'),
    ]);
    expect(decoded(body).codes).toEqual([null, 'invalid_text', null]);
    expect(
      decoded(Buffer.concat([good, Buffer.from('\n'), bad, Buffer.from('\n'), good]), 'application/x-ndjson').codes,
    ).toEqual([null, 'invalid_text', null]);
  });

  it.each([
    ['{"event.type":"page.view","user.id":"a","session.id":"s"}', 'user', 'a'],
    ['{"event.type":"page.view","user.id":"0","anonymous.id":"b"}', 'anonymous', 'b'],
    ['{"event.type":"page.view","session":{"id":"s"}}', 'session', 's'],
  ])('%s belongs to %s %s', (event, kind, id) => {
    const body = Buffer.from(`[${event}]`);
    const { identity } = decoded(body).body.events[0]!;
    expect(identity).toMatchObject({ kind, text: null });
    expect(body.toString('utf8', identity?.start, identity?.end)).toBe(id);
  });

  it('with escapes in its identity tells the id as text', () => {
    const identity = decoded('[{"event.type":"page.view","user.id":"\\u0061\\n"}]').body.events[0]?.identity;
    expect(identity).toMatchObject({ kind: 'user', text: 'a\n' });
  });

  it.each([
    ['{"user_agent":"robot"}', true],
    ['{"userAgent":"robot"}', true],
    ['{"user_agent":"r\\u006fbot"}', true],
    ['{"user_agent":5,"userAgent":"robot"}', true],
    ['{"user_agent":"person","userAgent":"robot"}', false],
    ['{"nested":{"user_agent":"robot"}}', false],
  ])('with context %s from a bot: %s', (context, expected) => {
    const event = `{"event.type":"page.view","user.id":"a","context":${context},"user_agent":"robot"}`;
    expect(decoded(`[${event}]`).body.events[0]).toMatchObject({ isBot: expected, unknownKeys: 1 });
  });
});
