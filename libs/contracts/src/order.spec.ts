import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions } from './session.ts';
import { compareEvents } from './stored-event.ts';
import { compareText } from './text-order.ts';

const event = fc.record({
  timestamp: fc.integer({ min: 0, max: 3 }),
  sequence: fc.integer({ min: 0, max: 2 }),
  eventId: fc.constantFrom('a', 'b', 'Z', 'é', '😀', '\uffff'),
});
const version = fc.record({
  revision: fc.nat(2),
  generation: fc.nat(2),
  offset: fc.nat(2),
  rank: fc.nat(1),
});

/** Every order that folds rely on: antisymmetric, transitive, 0 only for equals. */
function isTotalOrder<T>(values: fc.Arbitrary<T>, compare: (a: T, b: T) => number): void {
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      expect(Math.sign(compare(a, b))).toBe(0 - Math.sign(compare(b, a)));
      if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      if (compare(a, b) === 0) expect(a).toEqual(b);
    }),
  );
}

describe('order', () => {
  it('of events is total', () => {
    isTotalOrder(event, compareEvents);
  });

  it('of versions is total', () => {
    isTotalOrder(version, compareVersions);
  });

  it('of events is by time, then sequence, then id in code points, as bytes go', () => {
    const events = [
      { timestamp: 2, sequence: 0, eventId: 'a' },
      { timestamp: 1, sequence: 1, eventId: 'a' },
      { timestamp: 1, sequence: 0, eventId: '😀' },
      { timestamp: 1, sequence: 0, eventId: '\uffff' },
      { timestamp: 1, sequence: 0, eventId: 'Z' },
    ];
    expect(events.toSorted(compareEvents)).toEqual(events.toReversed());
  });

  it('of versions puts a settlement above every live row', () => {
    const live = { revision: 0, generation: 9, offset: 9_999, rank: 1 };
    expect(compareVersions({ revision: 1, generation: 0, offset: 0, rank: 0 }, live)).toBeGreaterThan(0);
  });
});

describe('compareText', () => {
  it('orders like UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('puts what lies beyond the basic plane after it', () => {
    expect(compareText('\u{1f600}', '\uffee')).toBeGreaterThan(0);
  });
});

it('events with the same time and sequence come in the order of their ids as UTF-8', () => {
  const id = fc.string({
    unit: fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '😀', '\u{10ffff}'),
  });
  fc.assert(
    fc.property(id, id, (a, b) => {
      const [x, y] = [a, b].map((eventId) => ({ timestamp: 1, sequence: 0, eventId }));
      if (x === undefined || y === undefined) return;
      expect(Math.sign(compareEvents(x, y))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
