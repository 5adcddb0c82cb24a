import { systemClock } from '@productgraph/testing';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaLog, standardTopics, type KafkaLog, type KafkaLogOptions } from '../index.ts';
import { openTestLogs, testBrokers, type TestLogs } from '../testing/fixture.ts';

describe('topics on brokers', () => {
  let logs: TestLogs;
  beforeAll(async () => void (logs = await openTestLogs()));
  afterAll(() => logs.close());

  const logOf = (changes: Partial<KafkaLogOptions>): KafkaLog =>
    createKafkaLog({
      connection: { brokers: testBrokers() },
      topics: standardTopics({ partitions: 4 }),
      clock: systemClock,
      random: Math.random,
      prefix: logs.prefix,
      ...changes,
    });

  /** The fault of a start, none when it succeeds. */
  async function faultOf(changes: Partial<KafkaLogOptions>): Promise<unknown> {
    const log = logOf(changes);
    try {
      await log.start();
      return null;
    } catch (error) {
      return error;
    } finally {
      await log.stop();
    }
  }

  it('are made with copies, retention by time, and stamped by the brokers', async () => {
    const name = `${logs.prefix}sessions`;
    const { topics } = await logs.admin.fetchTopicMetadata({ topics: [name] });
    expect(topics[0]?.partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3, 3]);
    const { resources } = await logs.admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
    });
    const config = Object.fromEntries(resources[0]!.configEntries.map((one) => [one.configName, one.configValue]));
    expect(config).toMatchObject({
      'min.insync.replicas': '2',
      'retention.ms': '259200000',
      'retention.bytes': '-1',
      'message.timestamp.type': 'LogAppendTime',
    });
  });

  it('are left as they are by another start', async () => {
    expect(await faultOf({})).toBeNull();
  });

  it('that are different are told, all differences at once, and nothing is changed', async () => {
    const topics = standardTopics({ partitions: 8, replicationFactor: 2, minInSync: 1, retentionHours: 24 });
    const fault = await faultOf({ topics });
    expect(fault).toMatchObject({ name: 'TopicsDiffer' });
    const { mismatches } = fault as { mismatches: { name: string; what: string }[] };
    const events = mismatches.filter(({ name }) => name === `${logs.prefix}events`).map(({ what }) => what);
    expect(events).toEqual(['partitions', 'replicationFactor', 'min.insync.replicas', 'retention.ms']);
    expect(mismatches).toHaveLength(4 * 5);
    expect(await faultOf({})).toBeNull();
  });

  it('are not made when they must not be', async () => {
    const fault = await faultOf({ prefix: `${logs.prefix}none.`, createTopics: false });
    expect(String(fault)).toContain(`${logs.prefix}none.events: topic is missing, has to be there`);
    expect((await logs.admin.listTopics()).filter((name) => name.startsWith(`${logs.prefix}none.`))).toEqual([]);
  });

  it('of another generation stand beside those of the first', async () => {
    expect(await faultOf({ topics: standardTopics({ partitions: 2, generation: 2 }) })).toBeNull();
    expect(await logs.admin.listTopics()).toEqual(
      expect.arrayContaining([`${logs.prefix}events`, `${logs.prefix}events.g2`]),
    );
    expect(await faultOf({})).toBeNull();
  });

  it('tells when no broker can be reached', async () => {
    const fault = await faultOf({ connection: { brokers: ['127.0.0.1:1'] } });
    expect(fault).toMatchObject({ name: 'LogUnavailable' });
  });

  it('tells when brokers want another login', async () => {
    const sasl = { mechanism: 'plain', username: 'someone', password: 'a secret' } as const;
    const fault = await faultOf({ connection: { brokers: testBrokers(), sasl } });
    expect(fault).toMatchObject({ name: 'LogUnavailable' });
    expect(String(fault)).not.toContain('a secret');
  });
});
