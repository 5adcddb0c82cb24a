import { configOf, type TopicSettings } from './settings.ts';

/** A topic that has to be, with its name on the brokers. */
export interface NamedTopic extends TopicSettings {
  readonly name: string;
}

/** A topic as the brokers have it. */
export interface FoundTopic {
  readonly name: string;
  readonly partitions: number;
  /** Smallest number of copies over its partitions. */
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/** One difference between a topic as it is and as it has to be. */
export interface TopicMismatch {
  readonly name: string;
  /** `partitions`, `replicationFactor`, or a configuration's name. */
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
}

/** Topics are there and are not what they have to be; nothing was changed. */
export class TopicsDiffer extends Error {
  override readonly name = 'TopicsDiffer';
  readonly mismatches: readonly TopicMismatch[];

  constructor(mismatches: readonly TopicMismatch[]) {
    super(
      `Topics on the brokers are not as configured: ${mismatches
        .map(({ name, what, wanted, found }) => `${name}: ${what} is ${found}, has to be ${wanted}`)
        .join('; ')}. Change the topic or the configuration; another number of partitions needs a new generation.`,
    );
    this.mismatches = mismatches;
  }
}

export interface TopicPlan {
  readonly missing: readonly NamedTopic[];
  readonly mismatches: readonly TopicMismatch[];
}

/** What has to be made, and what is there but different. */
export function compareTopics(wanted: readonly NamedTopic[], found: readonly FoundTopic[]): TopicPlan {
  const byName = new Map(found.map((topic) => [topic.name, topic]));
  return {
    missing: wanted.filter(({ name }) => !byName.has(name)),
    mismatches: wanted.flatMap((topic) => {
      const actual = byName.get(topic.name);
      return actual === undefined ? [] : differences(topic, actual);
    }),
  };
}

function differences(wanted: NamedTopic, found: FoundTopic): TopicMismatch[] {
  const pairs: [what: string, wanted: string, found: string][] = [
    ['partitions', String(wanted.partitions), String(found.partitions)],
    ['replicationFactor', String(wanted.replicationFactor), String(found.replicationFactor)],
    ...Object.entries(configOf(wanted)).map(([what, value]): [string, string, string] => [
      what,
      value,
      found.config[what] ?? 'not told',
    ]),
  ];
  return pairs
    .filter(([, one, other]) => one !== other)
    .map(([what, value, actual]) => ({ name: wanted.name, what, wanted: value, found: actual }));
}
