import type { Topic } from '@productgraph/contracts';

/** One topic as it has to be. Partitions, generation and dedupe window never change in place: they make a new generation. */
export interface TopicSettings {
  readonly topic: Topic;
  /** From 1; raised when the topic is made anew or gets another number of partitions. */
  readonly generation: number;
  readonly partitions: number;
  /** Events per partition; 0 = not deduplicated. */
  readonly dedupeWindow: number;
  readonly replicationFactor: number;
  /** Copies that must have a record before it is acknowledged. */
  readonly minInSync: number;
  readonly retentionHours: number;
}

export interface StandardTopics {
  /** Partitions of each topic: 12 in Growth, 24 in Scale. */
  readonly partitions: number;
  /** Default 3. */
  readonly replicationFactor?: number;
  /** Default: one less than the copies, at least 1. */
  readonly minInSync?: number;
  /** Default 72. */
  readonly retentionHours?: number;
  /** Of topic `events`. Default 250,000. */
  readonly dedupeWindow?: number;
  /** Default 1. */
  readonly generation?: number;
}

const TOPICS = Object.keys({
  events: true,
  sessions: true,
  journeys: true,
  alerts: true,
  quarantine: true,
} satisfies Record<Topic, true>) as Topic[];

/** Every topic of the product in its first generation, alike but for the dedupe window, which only `events` has. */
export function standardTopics(options: StandardTopics): TopicSettings[] {
  const { partitions, replicationFactor = 3, retentionHours = 72, dedupeWindow = 250_000, generation = 1 } = options;
  const minInSync = options.minInSync ?? Math.max(1, replicationFactor - 1);
  return TOPICS.map((topic) => ({
    topic,
    generation,
    partitions,
    dedupeWindow: topic === 'events' ? dedupeWindow : 0,
    replicationFactor,
    minInSync,
    retentionHours,
  }));
}

/** Largest batch of one partition that brokers take, bytes. Kafka's default, told so that it is checked. */
export const MAX_BATCH_BYTES = 1_048_588;

/** Name on the brokers: `pg.events` for the first generation, `pg.events.g2` for the second. */
export function nameOnBrokers(
  prefix: string,
  { topic, generation }: Pick<TopicSettings, 'topic' | 'generation'>,
): string {
  return generation === 1 ? `${prefix}${topic}` : `${prefix}${topic}.g${generation}`;
}

/** Configuration of a topic on the brokers: all that the product relies on, defaults of Kafka included. */
export function configOf({ minInSync, retentionHours }: TopicSettings): Readonly<Record<string, string>> {
  return {
    'min.insync.replicas': String(minInSync),
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionHours * 3_600_000),
    // By size it could bite before a group has read.
    'retention.bytes': '-1',
    // Retention must not follow clocks of clients.
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(MAX_BATCH_BYTES),
    // Payloads are compressed already.
    'compression.type': 'producer',
    'unclean.leader.election.enable': 'false',
  };
}
