import { retry, type Clock } from '@productgraph/kernel';
import kafkajs, { type Admin } from 'kafkajs';
import { isUnknownTopic } from '../client/faults.ts';
import { compareTopics, TopicsDiffer, type FoundTopic, type NamedTopic, type TopicMismatch } from './check.ts';
import { configOf } from './settings.ts';

export interface EnsureOptions {
  /** Makes topics that are missing; otherwise they are a fault. */
  readonly create: boolean;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Each broker learns of a new topic when it does: until all have, some say that it is not there. About 8 s. */
const UNTIL_KNOWN = { attempts: 20, firstDelayMs: 50, maxDelayMs: 500 };

/**
 * Makes what is missing and checks what is there.
 * @throws TopicsDiffer with every difference
 */
export async function ensureTopics(
  admin: Admin,
  wanted: readonly NamedTopic[],
  { create, clock, random }: EnsureOptions,
): Promise<void> {
  const { missing, mismatches } = compareTopics(
    wanted,
    await retry(() => findTopics(admin, wanted), UNTIL_KNOWN, {
      clock,
      random,
      retryable: isUnknownTopic,
    }),
  );
  if (mismatches.length > 0) throw new TopicsDiffer(mismatches);
  if (missing.length === 0) return;
  if (!create) throw new TopicsDiffer(missing.map(isMissing));
  // Another process may do so at the same moment; then `false` is answered, and its topics are checked.
  // kafkajs's own wait for leaders fails at the first broker that does not know a topic yet; the look after it waits for all.
  await admin.createTopics({ waitForLeaders: false, topics: missing.map(toKafka) });
  await retry(
    async () => {
      const after = compareTopics(missing, await findTopics(admin, missing));
      if (after.missing.length > 0) throw new TopicsDiffer(after.missing.map(isMissing));
      if (after.mismatches.length > 0) throw new TopicsDiffer(after.mismatches);
    },
    UNTIL_KNOWN,
    { clock, random },
  );
}

function isMissing({ name }: NamedTopic): TopicMismatch {
  return { name, what: 'topic', wanted: 'there', found: 'missing' };
}

function toKafka(topic: NamedTopic): Parameters<Admin['createTopics']>[0]['topics'][number] {
  return {
    topic: topic.name,
    numPartitions: topic.partitions,
    replicationFactor: topic.replicationFactor,
    configEntries: Object.entries(configOf(topic)).map(([name, value]) => ({ name, value })),
  };
}

async function findTopics(admin: Admin, wanted: readonly NamedTopic[]): Promise<FoundTopic[]> {
  const there = new Set(await admin.listTopics());
  const names = wanted.map(({ name }) => name).filter((name) => there.has(name));
  if (names.length === 0) return [];
  const [{ topics }, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: names }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
    }),
  ]);
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.length,
    replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    config: Object.fromEntries(
      configs.resources
        .filter(({ resourceName }) => resourceName === name)
        .flatMap(({ configEntries }) => configEntries.map((one) => [one.configName, one.configValue] as const)),
    ),
  }));
}
