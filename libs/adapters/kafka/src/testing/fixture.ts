import { randomUUID } from 'node:crypto';
import { systemClock, type EventLogFixture } from '@productgraph/testing';
import { testStack } from '@productgraph/tools/stack';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { createKafkaLog, standardTopics, type KafkaLog, type KafkaLogOptions } from '../index.ts';

/** Addresses of the test stack's brokers. */
export function testBrokers(): string[] {
  return testStack().settings.KAFKA_BROKERS?.split(',') ?? [];
}

/** What a spec looks at brokers with, apart from the adapter. */
async function openAdmin(): Promise<Admin> {
  const admin = new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return admin;
}

export interface TestLogs extends EventLogFixture {
  readonly log: KafkaLog;
  readonly other: KafkaLog;
  readonly admin: Admin;
  /** Names on the brokers begin with it. */
  readonly prefix: string;
  /** Faults that were told, `work: message`. */
  readonly faults: readonly string[];
}

/** Two processes' logs on topics of their own, which go when it is closed. */
export async function openTestLogs(changes: Partial<KafkaLogOptions> = {}): Promise<TestLogs> {
  const prefix = `spec-${randomUUID().slice(0, 8)}.`;
  const faults: string[] = [];
  const options: KafkaLogOptions = {
    connection: { brokers: testBrokers() },
    topics: standardTopics({ partitions: 4, dedupeWindow: 1000 }),
    clock: systemClock,
    random: Math.random,
    prefix,
    sessionTimeoutMs: 6000,
    // The suite compares delays of some hundred milliseconds.
    fetchWaitMs: 50,
    onFault: (work, error) => faults.push(`${work}: ${error instanceof Error ? error.message : String(error)}`),
    ...changes,
  };
  const log = createKafkaLog(options);
  const other = createKafkaLog(options);
  const admin = await openAdmin();
  await log.start();
  await other.start();
  return {
    log,
    other,
    admin,
    prefix,
    faults,
    trim: () => trim(admin, prefix),
    close: async () => {
      await Promise.all([log.stop(), other.stop()]);
      await admin.deleteTopics({ topics: (await admin.listTopics()).filter((name) => name.startsWith(prefix)) });
      await admin.disconnect();
    },
  };
}

/** Brokers delete by time only; here what no group keeps is deleted at once, as told by the groups' hints. */
async function trim(admin: Admin, prefix: string): Promise<void> {
  // Hints are written once a second.
  await systemClock.sleep(1500);
  const topic = `${prefix}events`;
  const { groups } = await admin.listGroups();
  const ours = groups.map(({ groupId }) => groupId).filter((groupId) => groupId.startsWith(prefix));
  const keeps = await Promise.all(ours.map((groupId) => keptFrom(admin, groupId, topic)));
  const marks = await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({
    topic,
    partitions: marks.map(({ partition, low }) => ({
      partition,
      offset: String(Math.max(Number(low), Math.min(...keeps.map((kept) => kept.get(partition) ?? 0)))),
    })),
  });
}

async function keptFrom(admin: Admin, groupId: string, topic: string): Promise<ReadonlyMap<number, number>> {
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return new Map(found?.partitions.map(({ partition, metadata }) => [partition, Number(metadata ?? '0')]));
}
