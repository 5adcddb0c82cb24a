import { describe, expect, it } from 'vitest';
import { accessLogLines, ndjsonLines } from './formats.ts';

const line = (text: string) => Buffer.from(text);

describe('ndjsonLines', () => {
  const translate = ndjsonLines('web');

  it.each([
    ['{"event_id":"x","n":9007199254740993}', '{"event_id":"x","n":9007199254740993}'],
    ['  {"event_id":"x"}  ', '{"event_id":"x"}'],
  ])('leaves %s as it is', (text, json) => {
    expect(translate(line(text), 1)).toEqual({ kind: 'event', json });
  });

  it.each(['{"a":1.10}', '{ }', '{}', '{"nested":{"event_id":"x"}}'])(
    'gives %s an id and changes nothing else',
    (text) => {
      const result = translate(line(text), 7);
      const json = result.kind === 'event' ? result.json : '';
      const { event_id: id, ...rest } = JSON.parse(json) as { event_id: string };
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect(rest).toEqual(JSON.parse(text));
      expect(json.endsWith(text.slice(1).trimStart())).toBe(true);
    },
  );

  it('makes ids of label, number and line', () => {
    const ids = [
      ndjsonLines('a')(line('{}'), 1),
      ndjsonLines('b')(line('{}'), 1),
      ndjsonLines('a')(line('{}'), 2),
      ndjsonLines('a')(line('{"x":1}'), 1),
    ].map((result) => (result.kind === 'event' ? result.json.slice(0, 47) : ''));
    expect(new Set(ids).size).toBe(4);
    expect(ndjsonLines('a')(line('{}'), 1)).toEqual(ndjsonLines('a')(line('{}'), 1));
  });

  it.each(['{', '[1]', '"x"', 'null', '{"a":1} {"b":2}'])('cannot read %s', (text) => {
    expect(translate(line(text), 1)).toEqual({ kind: 'unreadable', message: 'the line is not a JSON object' });
  });

  it.each(['', '   '])('passes over blank lines', (text) => {
    expect(translate(line(text), 1)).toEqual({ kind: 'blank' });
  });
});

describe('accessLogLines', () => {
  it('hands label and format on', () => {
    const text = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "agent"';
    expect(accessLogLines('web', 'combined')(line(text), 1).kind).toBe('event');
    expect(accessLogLines('web', 'nginx-json')(line(text), 1).kind).toBe('unreadable');
    expect(accessLogLines('web', 'combined')(line(text), 1)).not.toEqual(
      accessLogLines('x', 'combined')(line(text), 1),
    );
  });
});
