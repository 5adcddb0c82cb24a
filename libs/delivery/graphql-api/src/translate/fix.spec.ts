import type { QuarantineEntry } from '@productgraph/contracts';
import { expect, it } from 'vitest';
import { repair } from './fix.ts';

const entry = (payload: string): QuarantineEntry => ({
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
  ['without fixes leaves every byte', '{ "n": 1.10 ', [], '{ "n": 1.10 '],
])('%s', (...[_what, payload, fixes, expected]) => {
  const { repaired, unreadable } = repair([entry(payload)], fixes);
  expect({ payload: repaired[0]?.payload, unreadable }).toEqual({ payload: expected, unreadable: [] });
  expect({}).not.toHaveProperty('polluted');
});

it.each([['{"a":'], ['[1]'], ['"text"'], ['64.242.88.10 - - [07/Mar/2004]'], ['null']])('cannot fix %s', (payload) => {
  const { repaired, unreadable } = repair([entry(payload)], [{ field: 'a', value: 1 }]);
  expect(repaired).toEqual([]);
  expect(unreadable).toEqual([{ id: 'q1', message: expect.stringContaining('no JSON object') }]);
});
