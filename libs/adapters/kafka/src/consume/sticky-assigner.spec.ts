import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSticky, type MemberClaim, type Partitions } from './sticky-assigner.ts';

const numbers = (n: number): number[] => Array.from({ length: n }, (_, at) => at);
const topicsOf = (sizes: readonly number[]): Partitions =>
  Object.fromEntries(sizes.map((size, at) => [`t${at}`, numbers(size)]));
const claimsOf = (shares: Map<string, Partitions>): MemberClaim[] =>
  [...shares].map(([memberId, owned]) => ({ memberId, owned }));
const countOf = (share: Partitions): number => Object.values(share).reduce((sum, mine) => sum + mine.length, 0);

const sizes = fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 4 });
const members = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });

/** Partitions that have another member than before. */
function moved(before: Map<string, Partitions>, after: Map<string, Partitions>): number {
  let count = 0;
  for (const [memberId, share] of after) {
    for (const [topic, mine] of Object.entries(share)) {
      const had = before.get(memberId)?.[topic] ?? [];
      count += mine.filter((partition) => !had.includes(partition)).length;
    }
  }
  return count;
}

describe('assignSticky', () => {
  it('gives each partition to one member, evenly over all topics and within each, whatever they claim', () => {
    const claim = fc.dictionary(fc.constantFrom('t0', 't1', 't9'), fc.array(fc.nat(30)));
    fc.assert(
      fc.property(sizes, members, fc.array(claim), (given, ids, claims) => {
        const partitions = topicsOf(given);
        const shares = assignSticky(
          ids.map((memberId, at) => ({ memberId, owned: claims[at] ?? {} })),
          partitions,
        );
        for (const [topic, all] of Object.entries(partitions)) {
          const each = [...shares.values()].map((share) => share[topic] ?? []);
          expect(each.flat().sort((a, b) => a - b)).toEqual(all);
          const counts = each.map((mine) => mine.length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
        const totals = [...shares.values()].map(countOf);
        expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('moves nothing when nothing has changed', () => {
    fc.assert(
      fc.property(sizes, members, (given, ids) => {
        const partitions = topicsOf(given);
        const before = assignSticky(
          ids.map((memberId) => ({ memberId, owned: {} })),
          partitions,
        );
        expect(moved(before, assignSticky(claimsOf(before).reverse(), partitions))).toBe(0);
      }),
    );
  });

  it.each([
    { from: 1, to: 2, topics: [12], most: 6 },
    { from: 2, to: 3, topics: [24], most: 8 },
    { from: 3, to: 2, topics: [24], most: 8 },
    { from: 2, to: 3, topics: [12, 12], most: 8 },
  ])('moves at most $most of $topics partitions from $from to $to members', ({ from, to, topics, most }) => {
    const partitions = topicsOf(topics);
    const before = assignSticky(
      numbers(from).map((at) => ({ memberId: `m${at}`, owned: {} })),
      partitions,
    );
    const claims = numbers(to).map((at) => ({ memberId: `m${at}`, owned: before.get(`m${at}`) ?? {} }));
    expect(moved(before, assignSticky(claims, partitions))).toBeLessThanOrEqual(most);
  });

  it('does not depend on the order of members', () => {
    const claims = [
      { memberId: 'b', owned: { t0: [0, 1, 2] } },
      { memberId: 'a', owned: { t0: [2, 3] } },
    ];
    const partitions = topicsOf([5]);
    expect(assignSticky(claims, partitions)).toEqual(assignSticky([...claims].reverse(), partitions));
  });
});
