import { describe, expect, it } from 'vitest';
import { drop, ok, quarantine, type Outcome } from '../outcome.ts';

/*
 * Chapter 1: outcomes.
 * A step decides about one item and says so with a value: go on (ok), leave out (drop), or keep with a reason (quarantine).
 * Reasons come from a closed list, so that they can be counted and documented. Exceptions are for bugs and for faults that a retry may cure.
 */
type Reason = 'too_long' | 'empty';

/** A step is a factory that closes over what it needs and returns a named function. */
function createTrimStep(maxLength: number) {
  return function trimWord(word: string): Outcome<string, Reason> {
    const trimmed = word.trim();
    if (trimmed === '') return drop('empty');
    return trimmed.length > maxLength
      ? quarantine('too_long', `${trimmed.length} of ${maxLength} characters`)
      : ok(trimmed);
  };
}

describe('chapter 1: outcomes', () => {
  it.each([
    { word: ' event ', outcome: { kind: 'ok', value: 'event' } },
    { word: '   ', outcome: { kind: 'drop', reason: 'empty' } },
    { word: 'sessionisation', outcome: { kind: 'quarantine', reason: 'too_long', message: '14 of 8 characters' } },
  ])('"$word" is $outcome.kind', ({ word, outcome }) => {
    expect(createTrimStep(8)(word)).toEqual(outcome);
  });
});
