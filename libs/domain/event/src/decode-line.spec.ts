import { readFileSync } from 'node:fs';
import { type EventEnvelope, eventLine, INGEST_LIMITS, unpackLines, userKeyOf } from '@productgraph/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBody } from './decode-body.ts';
import { decodeEventLine } from './decode-line.ts';
import { realId } from './identity.ts';
import { eventTexts } from './spec-arbitraries.ts';
import { flatten, mergedProperties } from './spec-reference.ts';

const ENVELOPE: EventEnvelope = ['project', 'e1', 2_000, 1_000, 5, 0, 3_000];
const decode = (event: string): ReturnType<typeof decodeEventLine> => decodeEventLine(eventLine(ENVELOPE, event));
const accepts = (text: string): boolean => {
  const body = decodeBody(Buffer.from(`[${text}]`), {
    limits: INGEST_LIMITS,
    isBot: () => false,
    contentType: undefined,
  });
  return body.ok && body.events[0]?.fault === null;
};
/** With a type and somebody, unless the rest says otherwise. */
const complete = (text: string): string =>
  text.replace(
    /^\{(\s*)(\}?)/,
    (_, space: string, end: string) => `{"session.id":"s","event.type":"error"${end === '' ? ',' : ''}${space}${end}`,
  );
const asId = (value: unknown): string | null => realId((value as string | undefined) ?? null);
const asText = (value: unknown): string | null => (value as string | undefined) ?? null;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('event line', () => {
  it('gives back what was sent', () => {
    let seen = 0;
    fc.assert(
      fc.property(eventTexts.map(complete), (text) => {
        if (!accepts(text)) return;
        seen++;
        const event = JSON.parse(text) as Record<string, unknown>;
        const { fields } = flatten(event);
        const identity = {
          userId: asId(fields['user.id']),
          anonymousId: asId(fields['anonymous.id']),
          sessionId: asId(fields['session.id']),
        };
        const stored = decode(text);
        expect(stored).toMatchObject({
          ...identity,
          userKey: userKeyOf(identity),
          type: fields['event.type'],
          name: asText(fields['event.name']) === '' ? null : asText(fields['event.name']),
          sequence: fields['event.sequence'] ?? 0,
          pagePath: asText(fields['page.path']),
          uiElement: asText(fields['ui.element']),
          uiElementText: asText(fields['ui.element.text']),
          uiComponentType: asText(fields['ui.component.type']),
          apiStatus: fields['api.status'] ?? null,
          durationMs: fields.duration_ms ?? null,
        });
        expect(JSON.parse(stored.properties)).toEqual(plain(mergedProperties(event)));
        expect(JSON.parse(stored.context)).toEqual(fields.context ?? {});
        expect(JSON.parse(stored.groups)).toEqual(fields.groups ?? {});
        if (fields['ui.state.after'] !== undefined)
          expect(JSON.parse(stored.uiStateAfter ?? '')).toEqual(fields['ui.state.after']);
      }),
      { numRuns: 600 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('keeps numbers and text exactly', () => {
    const properties =
      '{"big":12345678901234567890.10,"tiny":1e-400,"dup":1,"dup":2,"e":"\\u00e9\\/","s": [1.0, {"x":-0}]}';
    const context = '{"user_agent":"a\\"b","ip":"::1","n":9007199254740993}';
    const stored = decode(
      `{"event.type":"state.change","user.id":"1","properties":${properties},"context":${context},"groups":{"a":"b"},"ui.state.before":1.10,"ui":{"state":{"after":null}}}`,
    );
    expect(stored).toMatchObject({
      properties,
      context,
      groups: '{"a":"b"}',
      uiStateBefore: '1.10',
      uiStateAfter: 'null',
      userAgent: 'a"b',
    });
  });

  it('merges properties over metadata over other keys, values as sent', () => {
    const stored = decode(
      '{"event.type":"error","user.id":"1","colour":1.50,"page":{"lang":"de"},"b":1,"metadata":{"b":2.0,"c":[1.0]},"properties":{"c":3e0,"d":"\\u0061"}}',
    );
    expect(stored.properties).toBe('{"colour":1.50,"b":2.0,"page.lang":"de","c":3e0,"d":"\\u0061"}');
    expect(decode('{"event.type":"error","user.id":"1","metadata":{"__proto__":{"a":1}}}').properties).toBe(
      '{"__proto__":{"a":1}}',
    );
  });

  it('takes envelope, campaign and times along', () => {
    const stored = decode(
      '{"event.type":"page.view","event.timestamp":"2026-07-25T00:00:00Z","anonymous.id":"x","user.id":"null","context":{"campaign":{"utm_source":"a","medium":"b","name":"c"}}}',
    );
    expect(stored).toMatchObject({
      projectId: 'project', eventId: 'e1', receivedAt: 2_000, timestamp: 1_000, flags: 5, lane: 0, sentAt: 3_000,
      originalTimestamp: Date.UTC(2026, 6, 25), userId: null, anonymousId: 'x', userKey: 'a:x', utmSource: 'a', utmMedium: 'b', utmCampaign: 'c',
    }); // prettier-ignore
  });

  it.each([
    ['{"campaign":"x"}', null],
    ['{"campaign":null}', null],
    ['{"campaign":{"utm_source":5,"source":"s"}}', 's'],
    [`{"campaign":{"source":"${'x'.repeat(8_193)}"}}`, null],
    ['{}', null],
  ])('source of context %s is %j', (context, source) => {
    expect(decode(`{"event.type":"page.view","user.id":"1","context":${context}}`).utmSource).toBe(source);
  });

  it('leaves absent columns empty', () => {
    expect(decode('{"event.type":"page.view","session.id":"s"}')).toMatchObject({
      name: null, originalTimestamp: null, sequence: 0, userAgent: null, properties: '{}', context: '{}', groups: '{}', uiStateBefore: null, apiStatus: null,
    }); // prettier-ignore
  });

  it('may be far longer than usual', () => {
    const long = 'é'.repeat(40_000);
    expect(decode(`{"event.type":"error","user.id":"1","properties":{"a":"${long}"}}`).properties).toBe(
      `{"a":"${long}"}`,
    );
    expect(decode('{"event.type":"error","user.id":"2"}').userId).toBe('2');
  });

  it.each([
    '',
    '[]',
    '[[]]',
    '{}',
    '[["p","e",1,2,0,0,null]]',
    '[["p","e",1,2,0,0,null],1]',
    '[["p","e",1,2,0,0,null],{"event.type":"error","user.id":"1"}',
    '[["p","e",1,2,0,0,null],{"event.type":"error"}]',
    '[["p","e",1,2,0,0,null],{}],',
  ])('%j is none', (line) => {
    expect(() => decodeEventLine(line)).toThrow(SyntaxError);
  });

  it('of old payloads still decode', () => {
    const fixture = JSON.parse(
      readFileSync(new URL('../../../contracts/fixtures/events-1.json', import.meta.url), 'utf8'),
    ) as { payload: string };
    const stored = unpackLines(Buffer.from(fixture.payload, 'base64')).map((line) => decodeEventLine(line));
    expect(stored).toMatchObject([
      {
        eventId: 'event-1',
        userKey: 'u:42',
        pagePath: '/pricing',
        utmSource: 'news',
        properties: '{"price":12345678901234567890.10,"big":9007199254740993}',
      },
      {
        eventId: 'e"],{\\ 2',
        type: 'custom',
        name: 'séance €',
        userKey: 's:s-1',
        properties: '{"colour":"blue","a":1}',
      },
    ]);
  });
});
