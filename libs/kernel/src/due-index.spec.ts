import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDueIndex } from './due-index.ts';

type Command = { key: string; at: number | null } | { take: number };

/** A plain map, searched: what the heap must be equal to. */
function takeByDefinition(timers: Map<string, number>, until: number): { key: string; at: number } | null {
  const due = [...timers].filter(([, at]) => at <= until).sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  const first = due[0];
  if (first === undefined) return null;
  timers.delete(first[0]);
  return { key: first[0], at: first[1] };
}

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: fc.option(fc.integer({ min: 0, max: 20 })) }),
  fc.record({ take: fc.integer({ min: 0, max: 20 }) }),
);

describe('due index', () => {
  it('gives timers in the order (time, key) and one per key, for any sequence of commands', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 300 }), (commands) => {
        const index = createDueIndex();
        const timers = new Map<string, number>();
        for (const step of commands) {
          if ('take' in step) {
            expect(new Set(index.keysUntil(step.take))).toEqual(
              new Set([...timers].filter(([, at]) => at <= step.take).map(([key]) => key)),
            );
            expect(index.take(step.take)).toEqual(takeByDefinition(timers, step.take));
          } else {
            index.set(step.key, step.at);
            if (step.at === null) timers.delete(step.key);
            else timers.set(step.key, step.at);
          }
          expect(index.size).toBe(timers.size);
        }
      }),
    );
  });

  it('starts from stored timers', () => {
    const index = createDueIndex([
      { key: 'late', at: 9 },
      { key: 'early', at: 1 },
    ]);
    expect([index.take(10)?.key, index.take(10)?.key, index.take(10)]).toEqual(['early', 'late', null]);
  });
});
