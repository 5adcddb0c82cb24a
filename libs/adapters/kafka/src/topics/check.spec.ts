import { describe, expect, it } from 'vitest';
import { compareTopics, TopicsDiffer, type FoundTopic, type NamedTopic } from './check.ts';
import { configOf, nameOnBrokers, standardTopics } from './settings.ts';

const wanted: NamedTopic[] = standardTopics({ partitions: 12 }).map((topic) => ({
  ...topic,
  name: nameOnBrokers('pg.', topic),
}));
const asWanted = (topic: NamedTopic): FoundTopic => ({
  name: topic.name,
  partitions: topic.partitions,
  replicationFactor: topic.replicationFactor,
  config: configOf(topic),
});

describe('standardTopics', () => {
  it('are five, of which only events are deduplicated', () => {
    expect(wanted.map(({ topic }) => topic)).toEqual(['events', 'sessions', 'journeys', 'alerts', 'quarantine']);
    expect(wanted.filter(({ dedupeWindow }) => dedupeWindow > 0).map(({ topic }) => topic)).toEqual(['events']);
  });

  it.each([
    [{ partitions: 12 }, { replicationFactor: 3, minInSync: 2 }],
    [
      { partitions: 12, replicationFactor: 1 },
      { replicationFactor: 1, minInSync: 1 },
    ],
    [
      { partitions: 12, minInSync: 3 },
      { replicationFactor: 3, minInSync: 3 },
    ],
  ])('%j means copies %j', (options, copies) => {
    expect(standardTopics(options)[0]).toMatchObject(copies);
  });

  it('have their generation in the name from the second on', () => {
    expect(nameOnBrokers('pg.', { topic: 'events', generation: 1 })).toBe('pg.events');
    expect(nameOnBrokers('pg.', { topic: 'events', generation: 2 })).toBe('pg.events.g2');
  });
});

describe('compareTopics', () => {
  it('finds nothing wrong with topics that are as they have to be, whatever else there is', () => {
    const other = { name: 'foreign', partitions: 1, replicationFactor: 1, config: {} };
    expect(compareTopics(wanted, [...wanted.map(asWanted), other])).toEqual({ missing: [], mismatches: [] });
  });

  it('lists what is missing', () => {
    const { missing } = compareTopics(wanted, wanted.slice(1).map(asWanted));
    expect(missing.map(({ name }) => name)).toEqual(['pg.events']);
  });

  it('lists every difference', () => {
    const [events, ...others] = wanted.map(asWanted);
    const odd = {
      ...events!,
      partitions: 6,
      replicationFactor: 1,
      config: { ...events!.config, 'retention.ms': '1000', 'min.insync.replicas': '1' },
    };
    const { mismatches } = compareTopics(wanted, [odd, ...others]);
    expect(mismatches.map(({ what, wanted: one, found }) => [what, one, found])).toEqual([
      ['partitions', '12', '6'],
      ['replicationFactor', '3', '1'],
      ['min.insync.replicas', '2', '1'],
      ['retention.ms', '259200000', '1000'],
    ]);
    expect(new TopicsDiffer(mismatches).message).toContain('pg.events: partitions is 6, has to be 12');
  });

  it('takes a configuration that the brokers do not tell for a difference', () => {
    const [events, ...others] = wanted.map(asWanted);
    const { mismatches } = compareTopics(wanted, [{ ...events!, config: {} }, ...others]);
    expect(mismatches.every(({ found }) => found === 'not told')).toBe(true);
  });
});
