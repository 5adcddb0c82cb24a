import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventLineWriter, MAX_ENVELOPE_BYTES } from './event-line-writer.ts';
import { eventLine } from './log-record.ts';

const PROJECT = '01890a5d-ac96-774b-bcce-b302099a8057';
const times = fc.oneof(
  fc.integer({ min: 1e12, max: 1e13 - 1 }),
  fc.constantFrom(0, 946_684_800_000, 999_999_999_999, 1e12, 1e13 - 1, 1e13, -5),
);
const events = fc
  .tuple(fc.object({ maxDepth: 2 }), fc.constantFrom(undefined, 1, '\r\n'))
  .map(([event, space]) => JSON.stringify(event, null, space));

describe('event line writer', () => {
  it('writes what eventLine makes', () => {
    fc.assert(
      fc.property(
        fc.record({
          id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
          made: fc.boolean(),
          event: events,
          flags: fc.nat(63),
        }),
        fc.record({ timestamp: times, receivedAt: times, sentAt: fc.option(times, { nil: null }), at: fc.nat(9) }),
        ({ id, made, event, flags }, { timestamp, receivedAt, sentAt, at }) => {
          const quoted = JSON.stringify(id);
          const body = Buffer.from(`${quoted}${event}`);
          const start = Buffer.byteLength(quoted);
          const target = Buffer.alloc(MAX_ENVELOPE_BYTES + body.length + at);
          const writer = new EventLineWriter({ projectId: PROJECT, receivedAt, sentAt });
          const expected = eventLine([PROJECT, id, receivedAt, timestamp, flags, 0, sentAt], event);
          const line = {
            body,
            start,
            end: body.length,
            hasBreaks: event.includes('\n'),
            id: made ? id : { start: 0, end: start },
            timestamp,
            flags,
          };
          // The first line of a batch takes another way than those behind it.
          for (let n = 0; n < 3; n++) {
            const end = writer.write(target, at, line);
            expect(target.toString('utf8', at, end)).toBe(`${expected}\n`);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has room for the longest envelope', () => {
    const id = JSON.stringify('x').replace('x', '\\u0001'.repeat(200));
    const body = Buffer.from(`${id}{}`);
    const target = Buffer.alloc(MAX_ENVELOPE_BYTES + 2);
    const batch = { projectId: PROJECT, receivedAt: 9e15, sentAt: 9e15 };
    const event = {
      body,
      start: id.length,
      end: body.length,
      hasBreaks: false,
      id: { start: 0, end: id.length },
      timestamp: 9e15,
      flags: 63,
    };
    expect(new EventLineWriter(batch).write(target, 0, event)).toBeLessThan(target.length - 2);
  });
});
