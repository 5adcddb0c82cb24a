import { record, recordOf, systemClock, until } from '@productgraph/testing';
import { startFaultProxy, testStack, type FaultProxy } from '@productgraph/tools/stack';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKafkaLog, standardTopics, type KafkaLog } from '../index.ts';
import { openTestLogs, type TestLogs } from '../testing/fixture.ts';
import { startLoad, type Fate } from '../testing/load.ts';

const stack = testStack();
const BROKERS = ['kafka-1', 'kafka-2', 'kafka-3'];
const port = (name: string): number => stack.ports[name] ?? 0;

let logs: TestLogs;
beforeEach(async () => void (logs = await openTestLogs()));
afterEach(async () => {
  // Whatever became of the test, the next one needs all of them.
  for (const broker of BROKERS) await stack.start(broker);
  await logs.close();
});

/** Names stored in each of the four partitions, by offset. */
async function stored(): Promise<string[][]> {
  const marks = await logs.admin.fetchTopicOffsets(`${logs.prefix}events`);
  const reading = await record(logs.other, 'check');
  const count = marks.reduce((sum, { high }) => sum + Number(high), 0);
  await until(`${count} records are read`, () => reading.batches.flatMap(({ records }) => records).length === count);
  const names = [0, 1, 2, 3].map((partition) => reading.names(partition));
  await reading.stop();
  return names;
}

/** Acknowledged records that are not where they were said to be, and those that are stored twice. */
function faultsOf(fates: readonly Fate[], names: readonly string[][]): { lost: Fate[]; doubled: string[] } {
  const all = names.flat();
  return {
    lost: fates.filter(({ name, partition, offset }) => offset !== null && names[partition]?.[offset] !== name),
    doubled: all.filter((name, at) => all.indexOf(name) !== at),
  };
}

async function leaderOf(partition: number): Promise<string> {
  const { topics } = await logs.admin.fetchTopicMetadata({ topics: [`${logs.prefix}events`] });
  return `kafka-${topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader}`;
}

describe('appending', () => {
  it('loses nothing acknowledged when the leader is killed under load, and goes on by itself', async () => {
    const load = startLoad(logs.log, { appenders: 24 });
    await until('it runs', () => load.fates.length > 200);
    const leader = await leaderOf(0);
    await stack.kill(leader);
    await systemClock.sleep(8000);
    const before = load.fates.filter(({ offset }) => offset !== null).length;
    await stack.start(leader);
    await systemClock.sleep(2000);
    await load.stop();
    const acknowledged = load.fates.filter(({ offset }) => offset !== null).length;
    const { lost, doubled } = faultsOf(load.fates, await stored());
    console.log(
      `kill -9 of a leader: ${acknowledged} acknowledged, ${load.fates.length - acknowledged} not, ` +
        `longest gap ${load.longestGap()} ms, ${lost.length} lost, ${doubled.length} doubled`,
    );
    expect(lost).toEqual([]);
    expect(doubled).toEqual([]);
    expect(acknowledged).toBeGreaterThan(before);
  });

  it('loses and doubles nothing when connections are cut at random', async () => {
    const proxies = await proxied();
    const log = throughProxies();
    try {
      const load = startLoad(log, { appenders: 24, pauseMs: 1 });
      await until('it runs', () => load.fates.length > 50);
      for (const proxy of proxies) proxy.cutAtRandom(0.03);
      await until('many were appended', () => load.fates.length > 6000 || cuts(proxies) > 60);
      for (const proxy of proxies) proxy.heal();
      await load.stop();
      const { lost, doubled } = faultsOf(load.fates, await stored());
      const unknown = load.fates.filter(({ offset }) => offset === null).length;
      console.log(`${cuts(proxies)} cuts, ${load.fates.length} appends, ${unknown} unknown, ${lost.length} lost`);
      expect(cuts(proxies)).toBeGreaterThan(5);
      expect(lost).toEqual([]);
      expect(doubled).toEqual([]);
    } finally {
      await log.stop();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    }
  });

  it('is not taken for a repetition by the brokers after an append that was stored and not answered', async () => {
    const proxies = await proxied();
    const log = throughProxies();
    const append = (name: string): Promise<number[]> =>
      log.append([{ topic: 'events', partition: 0, records: [recordOf(name)] }]);
    try {
      expect(await append('one')).toEqual([0]);
      for (const proxy of proxies) proxy.dropReplies(1_000_000);
      const before = Date.now();
      await expect(append('two')).rejects.toThrow('The log could not be written');
      console.log(`an append without an answer is given up after ${Date.now() - before} ms`);
      for (const proxy of proxies) {
        proxy.dropReplies(0);
        proxy.heal();
      }
      expect(await append('three')).toEqual([2]);
      expect((await stored())[0]).toEqual(['one', 'two', 'three']);
    } finally {
      await log.stop();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    }
  });

  it('makes no timer of a negative delay, and none when idle', async () => {
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', hear);
    const quiet = await openTestLogs();
    await quiet.log.append([{ topic: 'events', partition: 0, records: [recordOf('r')] }]);
    await systemClock.sleep(200);
    const before = process.cpuUsage();
    await systemClock.sleep(2000);
    const { user, system } = process.cpuUsage(before);
    console.log(`idle: ${((user + system) / 2000).toFixed(1)} ms of CPU per second`);
    await quiet.close();
    process.off('warning', hear);
    expect(warnings).not.toContain('TimeoutNegativeWarning');
  });
});

const throughProxies = (): KafkaLog =>
  createKafkaLog({
    connection: { brokers: [`127.0.0.1:${port('kafka-1-advertised')}`] },
    topics: standardTopics({ partitions: 4 }),
    clock: systemClock,
    random: Math.random,
    prefix: logs.prefix,
  });

const cuts = (proxies: readonly FaultProxy[]): number => proxies.reduce((sum, proxy) => sum + proxy.faults(), 0);

const proxied = (): Promise<FaultProxy[]> =>
  Promise.all(
    BROKERS.map((name) => startFaultProxy({ target: port(`${name}-proxied`), port: port(`${name}-advertised`) })),
  );

// Why a producer ends with its first failed send: kafkajs by itself, with one awaited send at a time.
describe('an idempotent producer of kafkajs', () => {
  it('is acknowledged and loses the send after one that failed but was stored', async () => {
    const proxies = await proxied();
    const client = new Kafka({
      brokers: [`127.0.0.1:${port('kafka-1-advertised')}`],
      logLevel: logLevel.NOTHING,
      retry: { retries: 1, initialRetryTime: 50 },
    });
    const producer = client.producer({ idempotent: true, retry: { retries: 1, initialRetryTime: 50 } });
    const topic = `${logs.prefix}events`;
    const send = (value: string): Promise<unknown> =>
      producer.send({ topic, acks: -1, messages: [{ partition: 0, value }] });
    try {
      await producer.connect();
      await send('one');
      const stored = async (): Promise<number> => {
        const marks = await logs.admin.fetchTopicOffsets(topic);
        return Number(marks.find(({ partition }) => partition === 0)?.high);
      };
      for (const proxy of proxies) proxy.dropReplies(1000);
      await expect(send('two')).rejects.toThrow();
      expect(await stored()).toBe(2);
      for (const proxy of proxies) {
        proxy.dropReplies(0);
        proxy.heal();
      }
      await send('three');
      // Acknowledged, and not there.
      expect(await stored()).toBe(2);
    } finally {
      await producer.disconnect();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    }
  });
});
