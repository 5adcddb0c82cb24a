import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventEnvelope, eventLine, packLines, splitEventLine, unpackLines } from './log-record.ts';

const envelopes: fc.Arbitrary<EventEnvelope> = fc.tuple(
  fc.oneof(fc.uuid(), fc.string({ unit: 'binary' })),
  fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom('"],{"', ']', '\\', '\\"', '[["a","b",1]', '\n'),
  ),
  fc.nat(),
  fc.integer({ min: 0, max: 4_102_444_800_000 }),
  fc.nat(31),
  fc.nat(3),
  fc.option(fc.nat(), { nil: null }),
);
const events = fc.object({ maxDepth: 3 }).map((event) => JSON.stringify(event));
const wellFormed = (text: string): boolean => text.isWellFormed();

describe('packed lines', () => {
  it('come back as they were', () => {
    const lines = fc.array(
      fc.string({ unit: 'grapheme' }).filter((line) => !line.includes('\n')),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(lines, (given) => {
        expect(unpackLines(packLines(given))).toEqual(given);
      }),
    );
  });

  it.each([[[]], [['{}']], [['{"a":1}', '{"b":"é€😀"}']]])('%j come back as they were', (lines: string[]) => {
    expect(unpackLines(packLines(lines))).toEqual(lines);
  });

  it.each([1, 255, 256, 257, 1_023, 1_024, 1_025])('of %i bytes come back', (size) => {
    const line = 'x'.repeat(size);
    expect(unpackLines(packLines([line]))).toEqual([line]);
  });

  it.each([10, 2_000, 200_000])('of %i bytes take no more memory than twice their payload', (size) => {
    const payload = packLines(['x'.repeat(size)]);
    expect(payload.buffer.byteLength).toBeLessThanOrEqual(2 * payload.length);
  });

  it('shrink what repeats', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `{"event.type":"page.view","page.path":"/products/${i % 10}"}`);
    expect(packLines(lines).length).toBeLessThan(lines.join('\n').length / 5);
  });

  it('are bounded while being unpacked', () => {
    const bomb = packLines(['a'.repeat(3_000_000)]);
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => unpackLines(bomb)).toThrow(RangeError);
    expect(unpackLines(bomb, 4_000_000)).toHaveLength(1);
  });

  it.each([
    ['cut off', (payload: Buffer) => payload.subarray(0, -5)],
    ['not zstd', () => Buffer.from('hello')],
    ['damaged', (payload: Buffer) => Buffer.concat([payload.subarray(0, 4), Buffer.from([0xff, 0xff, 0xff])])],
  ])('throw when the payload is %s', (_, damage) => {
    const payload = Buffer.from(packLines(['{"a":1}', '{"b":2}']));
    expect(() => unpackLines(damage(payload))).toThrow();
  });
});

describe('event lines', () => {
  it('are split into the envelope and the text of the event, whatever the ids hold', () => {
    fc.assert(
      fc.property(envelopes, events, (envelope, event) => {
        fc.pre(wellFormed(envelope[0]) && wellFormed(envelope[1]));
        const line = eventLine(envelope, event);
        expect(line).not.toContain('\n');
        expect(splitEventLine(line)).toEqual({ envelope, event });
        expect(JSON.parse(line)).toEqual([envelope, JSON.parse(event)]);
      }),
      { numRuns: 500 },
    );
  });

  it('are one line even when the event was sent on several', () => {
    const envelope: EventEnvelope = ['p', 'e', 1, 2, 0, 0, null];
    const line = eventLine(envelope, '{\r\n  "a": 12345678901234567890,\n  "b": "\\n"\n}');
    expect(line).not.toMatch(/[\r\n]/);
    expect(splitEventLine(line).event).toBe('{    "a": 12345678901234567890,   "b": "\\n" }');
  });

  it.each(['', '[', '[[', '{}', '[["a"', '[["a","b",1,2,0,0,null', '["a","b"]', '[["a\\'])('%j is none', (line) => {
    expect(() => splitEventLine(line)).toThrow(SyntaxError);
  });
});

interface Fixture {
  readonly schema: string;
  readonly since: string;
  readonly payload: string;
  readonly lines: readonly string[];
}

const FIXTURES = new URL('../fixtures/', import.meta.url);

// A log outlives versions: what was written once must be readable for ever. Fixtures are added, never changed.
describe.each(readdirSync(FIXTURES))('payload of fixture %s', (name) => {
  const { payload, lines } = JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as Fixture;

  it('is unpacked as it was packed', () => {
    expect(unpackLines(Buffer.from(payload, 'base64'))).toEqual(lines);
  });
});
