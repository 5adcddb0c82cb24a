import type { QuarantineEntry } from '@productgraph/contracts';
import { expect, it } from 'vitest';
import { repair } from './fix.ts';

const entry = (payload: string, fields: Partial<QuarantineEntry> = {}): QuarantineEntry => ({
  id: 'q1',
  projectId: 'p1',
  receivedAt: 0,
  stage: 'ingest',
  code: 'invalid_type',
  message: '',
  eventId: null,
  payload,
  position: null,
  source: null,
  traceId: null,
  ...fields,
});

it.each([
  ['sets a flat field', '{"event.type":"nope"}', [{ field: 'event.type', value: 'custom' }], '{"event.type":"custom"}'],
  [
    'sets a nested field',
    '{"event":{"type":"nope","name":"x"}}',
    [{ field: 'event.type', value: 'custom' }],
    '{"event":{"type":"custom","name":"x"}}',
  ],
  [
    'prefers the flat spelling',
    '{"event.type":"a","event":{"type":"b"}}',
    [{ field: 'event.type', value: 'c' }],
    '{"event.type":"c","event":{"type":"b"}}',
  ],
  ['adds a field flat', '{"a":1}', [{ field: 'user.id', value: '42' }], '{"a":1,"user.id":"42"}'],
  [
    'adds a field beside nested ones',
    '{"user":{"x":1}}',
    [{ field: 'user.id', value: '42' }],
    '{"user":{"x":1,"id":"42"}}',
  ],
  ['removes a flat field', '{"a":1,"user.id":"null"}', [{ field: 'user.id' }], '{"a":1}'],
  ['removes a nested field', '{"user":{"id":"null"}}', [{ field: 'user.id' }], '{"user":{}}'],
  ['sets null where it is given', '{"a":1}', [{ field: 'a', value: null }], '{"a":null}'],
  [
    'applies fixes in order',
    '{}',
    [
      { field: 'a', value: 1 },
      { field: 'a', value: 2 },
    ],
    '{"a":2}',
  ],
  [
    'keeps the digits of other numbers',
    '{"n":12345678901234567890,"p":1.10}',
    [{ field: 'a', value: 1 }],
    '{"n":12345678901234567890,"p":1.10,"a":1}',
  ],
  [
    'does not reach prototypes',
    '{"a":1}',
    [{ field: '__proto__', value: { polluted: true } }],
    '{"a":1,"__proto__":{"polluted":true}}',
  ],
  [
    'does not reach prototypes by path',
    '{"a":1}',
    [{ field: '__proto__.x', value: true }],
    '{"a":1,"__proto__.x":true}',
  ],
])('%s', (...[_what, payload, fixes, expected]) => {
  const { repaired, unreadable } = repair([entry(payload)], fixes);
  const withId = expected.replace(/\}$/u, ',"event_id":"q1"}');
  expect({ payload: repaired[0]?.payload, unreadable }).toEqual({ payload: withId, unreadable: [] });
  expect({}).not.toHaveProperty('polluted');
});

it.each([['{"a":'], ['[1]'], ['"text"'], ['64.242.88.10 - - [07/Mar/2004]'], ['null']])('cannot fix %s', (payload) => {
  const { repaired, unreadable } = repair([entry(payload)], [{ field: 'a', value: 1 }]);
  expect(repaired).toEqual([]);
  const message = expect.stringContaining('no JSON object') as string;
  expect(unreadable).toEqual([{ id: 'q1', code: 'malformed_body', message }]);
});

it.each([
  ['an event with an id', '{ "event_id": "e", "n": 1.10 }', '{ "event_id": "e", "n": 1.10 }'],
  ['what is no object', '{ "n": 1.10 ', '{ "n": 1.10 '],
  ['an event without an id', '{ "n": 1.10 }', '{"n":1.10,"event_id":"q1"}'],
  ['an event whose id is null', '{"event_id":null}', '{"event_id":"q1"}'],
])('without fixes: %s', (_what, payload, expected) => {
  expect(repair([entry(payload)], []).repaired.map((one) => one.payload)).toEqual([expected]);
});

it('gives no id to an event that has one or is given one', () => {
  const fixes = [{ field: 'event_id', value: 'mine' }];
  expect(repair([entry('{"a":1}')], fixes).repaired[0]?.payload).toBe('{"a":1,"event_id":"mine"}');
});

it.each([
  ['a raw line', '64.242.88.10 - - [', [{ field: 'a', value: 1 }]],
  ['a raw line without fixes', '64.242.88.10 - - [', []],
  ['a JSON line without fixes', '{"a":1}', []],
])('takes from an import no %s', (_what, payload, fixes) => {
  const { repaired, unreadable } = repair([entry(payload, { stage: 'import' })], fixes);
  const message = expect.stringContaining('no event') as string;
  expect({ repaired, unreadable }).toEqual({
    repaired: [],
    unreadable: [{ id: 'q1', code: 'unreadable_line', message }],
  });
});

it('takes from an import a JSON line that was fixed', () => {
  const { repaired } = repair([entry('{"a":1}', { stage: 'import' })], [{ field: 'a', value: 2 }]);
  expect(repaired.map((one) => one.payload)).toEqual(['{"a":2,"event_id":"q1"}']);
});
