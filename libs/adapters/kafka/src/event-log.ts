import type { Topic } from '@productgraph/contracts';
import {
  LogUnavailable,
  retry,
  type Append,
  type Clock,
  type ConsumeOptions,
  type EventLog,
  type PartitionRef,
  type RetryPolicy,
  type Subscription,
  type TopicInfo,
  type Watermarks,
} from '@productgraph/kernel';
import type { Kafka } from 'kafkajs';
import { Appender } from './append/appender.ts';
import { createSender, type PartitionSend } from './append/sender.ts';
import { AdminSlot } from './client/admin-slot.ts';
import { createClient, QUICK_RETRY, type KafkaConnection } from './client/connection.ts';
import { asUnavailable, isPassing } from './client/faults.ts';
import { lagsOf, readPositions, type GroupLag } from './group-lag.ts';
import { decodeBatch } from './consume/decode.ts';
import { Group } from './consume/group.ts';
import { GroupMember } from './consume/member.ts';
import type { NamedTopic } from './topics/check.ts';
import { ensureTopics } from './topics/ensure.ts';
import { nameOnBrokers, type TopicSettings } from './topics/settings.ts';
import { WatermarkReader, type FetchWatermarks } from './watermarks.ts';

const MB = 1024 * 1024;

export interface KafkaLogOptions {
  readonly connection: KafkaConnection;
  /** Every topic that is used; see {@link standardTopics}. */
  readonly topics: readonly TopicSettings[];
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive: spreads back-off. */
  readonly random: () => number;
  /** Begins the names of topics and groups on the brokers. Default `pg.`. */
  readonly prefix?: string;
  /** Makes topics that are missing at the start. Default true. */
  readonly createTopics?: boolean;
  /** Producers, each with one send under way at a time; partitions are spread over them. Default 1. */
  readonly producers?: number;
  /** While sends follow each other, a record waits so long for others, milliseconds. Default 5. */
  readonly lingerMs?: number;
  /** Appends waiting or under way, bytes; beyond it the log is unavailable. Default 64 MB. */
  readonly maxPendingBytes?: number;
  /** An append that is not acknowledged by then is given up, milliseconds. Default 20,000. */
  readonly patienceMs?: number;
  /** Records fetched ahead of a handler, bytes per partition; up to 1 MB more may come with the last fetch. Default 1 MB. */
  readonly queueBytes?: number;
  /**
   * At the log's end a fetch waits so long for a record, milliseconds, 10 to 5,000. A record ends the wait; a seek, or a partition that is
   * added, takes effect after it. Default 250; 100 costs half as much CPU again at rest.
   */
  readonly fetchWaitMs?: number;
  /** A group goes on without a member that is silent for so long, milliseconds; brokers allow 6,000 to 1,800,000. Default 10,000. */
  readonly sessionTimeoutMs?: number;
  /** A fault that is dealt with by itself: a member joins again, a foreign record is passed over. */
  readonly onFault?: (work: string, error: unknown) => void;
}

export interface KafkaLog extends EventLog {
  /** Checks topics, making those that are missing. @throws TopicsDiffer, LogUnavailable */
  start(): Promise<void>;
  /** Waits for appends under way, closes connections. Subscriptions must have been stopped before. */
  stop(): Promise<void>;
  /** How far a group is behind, whose processes may be others. @throws LogUnavailable */
  groupLag(group: string, topics: readonly Topic[]): Promise<GroupLag[]>;
  /** Bytes of appends waiting or under way, and of records fetched ahead. */
  memory(): { readonly pendingBytes: number; readonly fetchedBytes: number };
}

interface Parts {
  readonly options: KafkaLogOptions;
  readonly kafka: Kafka;
  readonly admin: AdminSlot;
  readonly topics: ReadonlyMap<Topic, NamedTopic>;
  readonly marks: WatermarkReader;
  readonly groups: Set<{ readonly name: string; readonly group: Group }>;
}

/** Retries of fetching, half a minute together: a member that gave up would come back as another, and wait until the one it was is missed. */
const FETCH_RETRY = { ...QUICK_RETRY, retries: 30 };

/** Tries of looking at watermarks: they are asked for while a leader is elected, and answers may wait. */
const LOOK_RETRY: RetryPolicy = { attempts: 6, firstDelayMs: 50, maxDelayMs: 500 };

/**
 * Age of what is known of brokers and replicas, milliseconds, where records are fetched from a replica in the own rack. kafkajs keeps to a
 * replica that has died, and to one it has no connection to yet, until then (5 minutes by its default), and fetches nothing meanwhile.
 */
const RACK_METADATA_MS = 3000;

/** Retries of one send: about 15 s together, longer than the election of a leader takes. */
const SEND_RETRY = { ...QUICK_RETRY, retries: 17 };

/**
 * The event log on Kafka, by kafkajs. Offsets, partitions and order are Kafka's own; what the port promises beyond them (an exact
 * position, named faults, nothing acknowledged and lost) is made here.
 * @throws InvalidKafkaOptions
 */
export function createKafkaLog(options: KafkaLogOptions): KafkaLog {
  const { prefix = 'pg.', clock, maxPendingBytes = 64 * MB, patienceMs = 20_000, lingerMs = 5 } = options;
  const kafka = createClient(options.connection);
  const admin = new AdminSlot(() => kafka.admin({ retry: QUICK_RETRY }));
  const parts: Parts = {
    options,
    kafka,
    admin,
    topics: new Map(options.topics.map((topic) => [topic.topic, { ...topic, name: nameOnBrokers(prefix, topic) }])),
    marks: new WatermarkReader((name) => fetchWatermarks({ admin, options }, name)),
    groups: new Set(),
  };
  const senders = Array.from({ length: options.producers ?? 1 }, () => senderOf(parts));
  const appender = new Appender({ senders, clock, lingerMs, maxPendingBytes, patienceMs });
  return {
    start: () => startOf(parts),
    stop: async () => {
      await appender.stop();
      await admin.close();
    },
    topic: async (topic) => infoOf(topicOf(parts, topic)),
    append: async (appends) => (appends.length === 0 ? [] : appender.append(appends.map((one) => toSend(parts, one)))),
    watermarks: async (partition) => {
      const { name } = requirePartition(parts, partition);
      return asUnavailable(watermarksOf(parts, name, partition.partition));
    },
    consume: (consume) => subscribe(parts, consume),
    commit: async ({ group, ...partition }, position, keepFrom) => {
      const { name } = requirePartition(parts, partition);
      const hint = { topic: name, partition: partition.partition, position, keepFrom };
      for (const one of parts.groups) if (one.name === group) one.group.note(hint);
    },
    groupLag: (group, topics) => asUnavailable(groupLag(parts, group, topics)),
    memory: () => ({
      pendingBytes: appender.bytes,
      fetchedBytes: [...parts.groups].reduce((sum, { group }) => sum + group.bytes, 0),
    }),
  };
}

function startOf({ admin, topics, options }: Parts): Promise<void> {
  const { clock, random, createTopics: create = true } = options;
  return asUnavailable(admin.use((one) => ensureTopics(one, [...topics.values()], { create, clock, random })));
}

function senderOf({ kafka, options }: Parts): ReturnType<typeof createSender> {
  return createSender({
    timeoutMs: options.connection.requestTimeoutMs ?? 10_000,
    connect: async () => {
      const producer = kafka.producer({
        idempotent: true,
        // One send is awaited before the next in any case; a second request under way would be a fault.
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        retry: SEND_RETRY,
        createPartitioner:
          () =>
          ({ message }) =>
            message.partition ?? 0,
      });
      await producer.connect();
      return producer;
    },
  });
}

async function subscribe(parts: Parts, consume: ConsumeOptions): Promise<Subscription> {
  const { options, kafka } = parts;
  const { clock, random, connection, prefix = 'pg.', onFault = () => undefined } = options;
  const named = consume.topics.map((topic) => topicOf(parts, topic));
  const group = new Group(
    {
      consume,
      topics: new Map(named.map((topic) => [topic.name, infoOf(topic)])),
      clock,
      random,
      watermarks: (name, partition) => watermarksOf(parts, name, partition),
      decode: (batch) => decodeBatch(batch, (error) => onFault('read a record', error)),
      queueBytes: options.queueBytes ?? MB,
      stallMs: 30_000,
      onFault,
    },
    (events) =>
      new GroupMember({
        kafka,
        group: `${prefix}${consume.group}`,
        topics: named.map(({ name }) => name),
        config: {
          sessionTimeout: options.sessionTimeoutMs ?? 10_000,
          heartbeatInterval: 1000,
          maxWaitTimeInMs: options.fetchWaitMs ?? 250,
          maxBytesPerPartition: MB,
          allowAutoTopicCreation: false,
          readUncommitted: true,
          metadataMaxAge: connection.rack === undefined ? 30_000 : RACK_METADATA_MS,
          ...(connection.rack !== undefined && { rackId: connection.rack }),
        },
        retry: FETCH_RETRY,
        clock,
        random,
        events,
      }),
  );
  const entry = { name: consume.group, group };
  parts.groups.add(entry);
  const subscription = await asUnavailable(group.start()).catch((error: unknown) => {
    parts.groups.delete(entry);
    throw error;
  });
  return {
    ...subscription,
    lag: () => asUnavailable(subscription.lag()),
    stop: () => subscription.stop().finally(() => parts.groups.delete(entry)),
  };
}

function topicOf({ topics }: Pick<Parts, 'topics'>, topic: Topic): NamedTopic {
  const found = topics.get(topic);
  if (found === undefined) throw new RangeError(`Topic ${topic} is not configured`);
  return found;
}

function infoOf({ topic, generation, partitions, dedupeWindow }: NamedTopic): TopicInfo {
  return { topic, generation, partitions, dedupeWindow };
}

function requirePartition(parts: Parts, { topic, generation, partition }: PartitionRef): NamedTopic {
  const found = topicOf(parts, topic);
  const exists = Number.isInteger(partition) && partition >= 0 && partition < found.partitions;
  if (found.generation === generation && exists) return found;
  throw new RangeError(`There is no partition ${topic}.${generation}[${partition}]`);
}

function toSend(parts: Parts, { topic, partition, records }: Append): PartitionSend {
  const { generation } = topicOf(parts, topic);
  const { name } = requirePartition(parts, { topic, generation, partition });
  return { topic: name, partition, records };
}

async function groupLag(
  { admin, marks, topics: all, options }: Parts,
  group: string,
  topics: readonly Topic[],
): Promise<GroupLag[]> {
  const named = topics.map((topic) => topicOf({ topics: all }, topic));
  const groupId = `${options.prefix ?? 'pg.'}${group}`;
  const [positions, ...watermarks] = await Promise.all([
    admin.use((one) => readPositions(one, groupId, named)),
    ...named.map(({ name }) => marks.of(name)),
  ]);
  return named.flatMap((topic, at) =>
    lagsOf(group, topic, { positions: positions.get(topic.name) ?? new Map(), marks: watermarks[at] ?? new Map() }),
  );
}

async function watermarksOf({ marks }: Parts, name: string, partition: number): Promise<Watermarks> {
  const found = (await marks.of(name)).get(partition);
  if (found === undefined) throw new LogUnavailable(`The brokers do not tell of ${name}[${partition}]`);
  return found;
}

function fetchWatermarks(
  { admin, options }: Pick<Parts, 'admin' | 'options'>,
  name: string,
): ReturnType<FetchWatermarks> {
  const { clock, random } = options;
  const look = async (): ReturnType<FetchWatermarks> => {
    const offsets = await admin.use((one) => one.fetchTopicOffsets(name));
    return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
  };
  return retry(look, LOOK_RETRY, { clock, random, retryable: isPassing });
}
