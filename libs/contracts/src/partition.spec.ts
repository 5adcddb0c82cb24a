import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3 } from './murmur3.ts';
import { eventIdHash, hashersOf, partitionOf, partitionOfHash, userKeyOf } from './partition.ts';

const PROJECT = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER = '01890a5d-ac96-774b-bcce-b302099a8058';
const nobody = { userId: null, anonymousId: null, sessionId: null };

describe('partition', () => {
  // Fixed for ever: every producer in every tier and version must agree, or one user's events come out of order.
  it.each([
    [PROJECT, 'u:42', [3, 11, 23]],
    [PROJECT, 'a:42', [2, 10, 10]],
    [PROJECT, 's:42', [2, 10, 10]],
    [OTHER, 'u:42', [0, 8, 20]],
    [PROJECT, 'u:', [0, 0, 0]],
    [PROJECT, 'u:søren@example.com', [1, 9, 21]],
    [PROJECT, 'a:b6589fc6ab0dc82cf12099d1c2d40ab9', [2, 10, 10]],
    [PROJECT, 'u:漢字😀', [3, 3, 3]],
  ])('of project %s and %j among 4, 12, 24 is %j', (project, userKey, expected) => {
    expect([4, 12, 24].map((partitions) => partitionOf(project, userKey, partitions))).toEqual(expected);
  });

  it('is the hash modulo the number of partitions', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 2 ** 20 }), (userKey, partitions) => {
        const { hi, lo } = murmur3(Buffer.from(`${PROJECT}\0${userKey}`));
        const expected = Number(((BigInt(hi) << 32n) | BigInt(lo)) % BigInt(partitions));
        expect(partitionOf(PROJECT, userKey, partitions)).toBe(expected);
      }),
    );
  });

  it('of an identity can be had from its bytes', () => {
    const id = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
    fc.assert(
      fc.property(id, id, fc.string({ unit: 'grapheme' }), (userId, anonymousId, sessionId) => {
        const { user, anonymous, session } = hashersOf(PROJECT);
        const hasher = userId !== null ? user : anonymousId !== null ? anonymous : session;
        const bytes = Buffer.from(userId ?? anonymousId ?? sessionId);
        const userKey = userKeyOf({ userId, anonymousId, sessionId }) ?? '';
        const partition = partitionOfHash(hasher.hashBytes(bytes, 0, bytes.length), 24);
        expect(partition).toBe(partitionOf(PROJECT, userKey, 24));
      }),
    );
  });

  it('spreads users evenly', () => {
    const counts = new Array<number>(24).fill(0);
    for (let i = 0; i < 24_000; i++) {
      const at = partitionOf(PROJECT, `u:user-${i}`, 24);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });

  it('keeps answering right when more projects than fit are asked for in turn', () => {
    const projects = Array.from({ length: 600 }, (_, i) => `project-${i}`);
    const first = projects.map((project) => partitionOf(project, 'u:1', 1 << 20));
    expect(projects.map((project) => partitionOf(project, 'u:1', 1 << 20))).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(590);
  });
});

describe('user key', () => {
  it.each([
    [{ userId: '42', anonymousId: '42', sessionId: '42' }, 'u:42'],
    [{ userId: null, anonymousId: '42', sessionId: '42' }, 'a:42'],
    [{ ...nobody, sessionId: '42' }, 's:42'],
    [nobody, null],
  ])('of %j is %j', (identity, expected) => {
    expect(userKeyOf(identity)).toBe(expected);
  });
});

describe('event id hash', () => {
  it('tells projects and ids apart', () => {
    const hashes = [PROJECT, OTHER].flatMap((project) => ['e1', 'e2', ''].map((id) => eventIdHash(project, id)));
    expect(new Set(hashes.map(({ hi, lo }) => `${hi}:${lo}`)).size).toBe(6);
  });

  it('is fixed', () => {
    expect(eventIdHash(PROJECT, 'event-1')).toEqual({ hi: 1_615_238_510, lo: 986_832_068 });
  });
});
