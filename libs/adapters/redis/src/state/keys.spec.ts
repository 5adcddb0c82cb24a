import fc from 'fast-check';
import type { GroupPartition } from '@productgraph/kernel';
import { expect, it } from 'vitest';
import { partitionKeys } from './keys.ts';

const partitions = fc.record<GroupPartition>({
  group: fc.string({ unit: 'grapheme' }),
  topic: fc.constantFrom('events', 'sessions'),
  generation: fc.nat(20),
  partition: fc.nat(20),
});

/** What Redis Cluster hashes of a key: between the first `{` and the next `}`, if anything is there. */
const tagOf = (key: string): string | undefined => /^[^{]*\{([^}]+)\}/u.exec(key)?.[1];

it('names the keys of a partition', () => {
  expect(partitionKeys('pg', { group: 'sessions', topic: 'events', generation: 2, partition: 7 })).toEqual({
    position: 'pg:{sessions:events.2:7}:position',
    values: 'pg:{sessions:events.2:7}:values',
    due: 'pg:{sessions:events.2:7}:due',
  });
});

it('puts all keys of a partition under one tag, and those of two partitions under two', () => {
  fc.assert(
    fc.property(partitions, partitions, (a, b) => {
      const tags = [a, b].map((partition) => new Set(Object.values(partitionKeys('pg', partition)).map(tagOf)));
      expect(tags.map(({ size }) => size)).toEqual([1, 1]);
      const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
      expect([...tags[0]!][0] === [...tags[1]!][0]).toBe(same);
    }),
  );
});
