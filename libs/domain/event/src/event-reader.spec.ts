import { INGEST_LIMITS, nativeEventSchema } from '@productgraph/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldFault } from './event-checks.ts';
import { EventReader } from './event-reader.ts';
import { FIELDS, SLOT } from './fields.ts';
import { mergeProperties } from './merge-properties.ts';
import { eventTexts } from './spec-arbitraries.ts';
import { flatten, mergedProperties } from './spec-reference.ts';

const reader = new EventReader();

function read(text: string): number {
  reader.scan.loadString(text);
  return reader.read(0);
}

/** The fields that the reader found, parsed. */
function fields(): Record<string, unknown> {
  const found = FIELDS.filter(({ slot }) => reader.has(slot));
  return Object.fromEntries(
    found.map(({ name, slot }) => [name, JSON.parse(reader.text(reader.starts[slot] ?? 0, reader.ends[slot] ?? 0))]),
  );
}

const properties = (): unknown => {
  const slot = SLOT.properties;
  const own = reader.has(slot) ? reader.text(reader.starts[slot] ?? 0, reader.ends[slot] ?? 0) : null;
  return JSON.parse(mergeProperties(reader, own));
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('event reader', () => {
  it('finds what the parsed event means, in every spelling', () => {
    fc.assert(
      fc.property(eventTexts, (text) => {
        expect(read(text)).toBe(Buffer.byteLength(text));
        const event = JSON.parse(text) as Record<string, unknown>;
        expect(fields()).toEqual(plain(flatten(event).fields));
      }),
      { numRuns: 500 },
    );
  });

  it('finds faults exactly where the schema does', () => {
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(eventTexts, (text) => {
        read(text);
        const isValid = nativeEventSchema
          .partial({ 'event.type': true })
          .safeParse(plain(flatten(JSON.parse(text) as object as Record<string, unknown>).fields)).success;
        const fault = fieldFault(reader, INGEST_LIMITS);
        expect([text, fault === null]).toEqual([text, isValid]);
        seen[isValid ? 'good' : 'bad']++;
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(50);
  });

  it('merges properties, metadata and other keys', () => {
    fc.assert(
      fc.property(eventTexts, (text) => {
        read(text);
        fc.pre(fieldFault(reader, INGEST_LIMITS) === null);
        expect(properties()).toEqual(plain(mergedProperties(JSON.parse(text) as Record<string, unknown>)));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['{"user.id":"a","user":{"id":"b"}}', { 'user.id': 'a' }],
    ['{"user":{"id":"b"},"user.id":"a"}', { 'user.id': 'a' }],
    ['{"user.id":null,"user":{"id":"b"}}', { 'user.id': 'b' }],
    ['{"user.id":"a","user.id":null}', {}],
    ['{"user":{"id":"a"},"user":{"id":"b"}}', { 'user.id': 'b' }],
    ['{"user":{"id":"a"},"user":"b"}', {}],
    ['{"user":"b","user":{"id":"a"}}', { 'user.id': 'a' }],
    [
      '{"ui":{"component":{"name":"1"},"component.name":"2"},"ui.component":{"name":"3"}}',
      { 'ui.component.name': '3' },
    ],
    ['{"ui":{"component":{"name":"1"},"component.name":"2"}}', { 'ui.component.name': '2' }],
    ['{"ui":{"element":{"text":"t"}},"ui.element":"e"}', { 'ui.element': 'e', 'ui.element.text': 't' }],
    ['{"\\u0065vent.type":"error"}', { 'event.type': 'error' }],
    ['{"event":{"\\u0074ype":"error"}}', { 'event.type': 'error' }],
    ['{"ui.state.before":null,"ui.state.after":[1]}', { 'ui.state.before': null, 'ui.state.after': [1] }],
    ['{"context":{"a":1},"context":null}', {}],
    ['{"__proto__":{"event.type":"error"},"constructor":{}}', {}],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(text.length);
    expect(fields()).toEqual(expected);
  });

  it.each([
    ['{"context":{"user_agent":"a","user_agent":"b"}}', '"b"'],
    ['{"context":{"user_agent":"a"},"context":{"userAgent":"b"}}', ''],
    ['{"context":{"user_agent":"a"},"context":null}', ''],
    ['{"context":{"user\\u005fagent":"a"}}', '"a"'],
    ['{"context":{"x":{"user_agent":"a"}}}', ''],
    ['{"user_agent":"a"}', ''],
  ])('user_agent of %s is %j', (text, expected) => {
    read(text);
    expect(
      reader.text(reader.contextStarts[0] ?? 0, reader.contextStarts[0] === 0 ? 0 : (reader.contextEnds[0] ?? 0)),
    ).toBe(expected);
  });

  it.each([
    '',
    '[]',
    '"a"',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    '{"user":{"id":}}',
    '{"context":{"a":1,}}',
    '{"context":{"a"}}',
    '{"context":{1}}',
  ])('%j is no object', (text) => {
    expect(read(text)).toBe(-1);
    // And leaves nothing behind for the next one.
    expect(read('{"page":{"path":"/"}}')).toBe(21);
    expect(fields()).toEqual({ 'page.path': '/' });
  });

  it('keeps events apart whose keys stand at the same places', () => {
    const texts = [
      '{"user.id":"1","event.type":"error"}',
      '{"event.type":"error","user.id":"2"}',
      '{"colour":1,"user.id":"3"}',
      '{"user.idx":"4"}',
    ];
    expect(texts.map((text) => [read(text), fields()['user.id']])).toEqual([
      [36, '1'],
      [36, '2'],
      [26, '3'],
      [16, undefined],
    ]);
  });
});
