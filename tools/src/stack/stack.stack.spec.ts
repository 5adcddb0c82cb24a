import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { Cluster, Redis } from 'ioredis';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultProxy, testStack } from './index.ts';
import { brokersOf, query, until } from './ready.ts';

/** Every server is used as a client would, loses one process by SIGKILL, and has its data when that is started again. */
const stack = testStack();
const list = (name: string): string[] => stack.settings[name]?.split(',') ?? [];
const port = (name: string): number => stack.ports[name] ?? 0;

/** What must hold at last, while a cluster makes up its mind after a fault. */
const eventually = (what: string, condition: () => Promise<boolean>): Promise<void> => until(what, condition, 30_000);

describe('Kafka', () => {
  const client = new Kafka({ clientId: 'stack-spec', brokers: list('KAFKA_BROKERS'), logLevel: logLevel.NOTHING });
  const admin = client.admin();
  const topic = 'stack-spec';
  let producer: Producer;

  beforeAll(async () => {
    await admin.connect();
    producer = client.producer();
    await producer.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 3 }], waitForLeaders: true });
  });
  afterAll(async () => {
    await producer.disconnect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });

  const send = (value: string): Promise<unknown> =>
    producer.send({ topic, acks: -1, messages: [0, 1, 2].map((partition) => ({ partition, value })) });

  const received = async (): Promise<string[]> => {
    const consumer = client.consumer({ groupId: `stack-spec-${Math.random()}`, sessionTimeout: 6000 });
    const values: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const ends = await admin.fetchTopicOffsets(topic);
    const total = ends.reduce((sum, { high }) => sum + Number(high), 0);
    await consumer.run({
      eachMessage: async ({ message }) => {
        values.push(message.value?.toString() ?? '');
      },
    });
    await eventually('every record read', async () => values.length >= total);
    await consumer.disconnect();
    return values.sort();
  };

  it('is three brokers in three racks that keep three copies', async () => {
    expect(await brokersOf(port('kafka-1'))).toHaveLength(3);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(topics[0]?.partitions.map(({ isr }) => isr.length)).toEqual([3, 3, 3]);
  });

  it('keeps what it acknowledged while a broker is dead, and takes the broker back', async () => {
    await send('before');
    await stack.kill('kafka-2');
    await send('without');
    await stack.start('kafka-2');
    const inSync = async (): Promise<boolean> => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.every(({ isr }) => isr.length === 3) ?? false;
    };
    await eventually('three copies in sync', inSync);
    await send('after');
    expect(new Set(await received())).toEqual(new Set(['before', 'without', 'after']));
  });

  it('can be reached through a fault proxy per broker', async () => {
    const proxies = await Promise.all(
      ['kafka-1', 'kafka-2', 'kafka-3'].map((name) =>
        startFaultProxy({ target: port(`${name}-proxied`), port: port(`${name}-advertised`) }),
      ),
    );
    const proxied = new Kafka({
      brokers: [`127.0.0.1:${port('kafka-1-advertised')}`],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 50, retries: 8 },
    });
    const through = proxied.producer();
    try {
      await through.connect();
      for (const proxy of proxies) proxy.dropReplies(1);
      await through.send({ topic, acks: -1, messages: [{ partition: 0, value: 'proxied' }] });
      expect(proxies.reduce((sum, proxy) => sum + proxy.faults(), 0)).toBeGreaterThan(0);
    } finally {
      await through.disconnect();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    }
  });
});

describe('ClickHouse', () => {
  const log = { level: ClickHouseLogLevel.OFF };
  const shards = list('CLICKHOUSE_URLS').map((url) => createClient({ url, log }));
  const on = (client: ClickHouseClient, statement: string): Promise<unknown> => client.command({ query: statement });
  const rows = async (client: ClickHouseClient, statement: string): Promise<unknown[]> =>
    (await client.query({ query: statement, format: 'JSONEachRow' })).json();

  beforeAll(async () => {
    for (const shard of shards) {
      await on(shard, 'CREATE TABLE spec (x UInt64) ENGINE = MergeTree ORDER BY x');
      await on(shard, `CREATE TABLE spec_all AS spec ENGINE = Distributed('{cluster}', currentDatabase(), spec, x)`);
    }
  });
  afterAll(async () => {
    for (const shard of shards) {
      await on(shard, 'DROP TABLE spec_all SYNC');
      await on(shard, 'DROP TABLE spec SYNC');
      await shard.close();
    }
  });

  it('is two shards of one cluster, with macros and limits', async () => {
    for (const [at, shard] of shards.entries()) {
      expect(await rows(shard, `SELECT getMacro('shard') AS shard, getMacro('replica') AS replica`)).toEqual([
        { shard: String(at + 1), replica: '1' },
      ]);
      const limit = `SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'`;
      expect(await rows(shard, limit)).toEqual([{ value: '2147483648' }]);
    }
  });

  it('stores on both shards, answers over both, and has its rows after SIGKILL', async () => {
    const [first, second] = shards;
    for (const [at, shard] of shards.entries()) {
      await shard.insert({ table: 'spec', values: [{ x: at }], format: 'JSONEachRow' });
    }
    const all = 'SELECT toString(groupArraySorted(9)(x)) AS xs FROM spec_all';
    expect(await rows(first!, all)).toEqual([{ xs: '[0,1]' }]);
    await stack.kill('clickhouse-1');
    await expect(rows(first!, all)).rejects.toThrow();
    expect(await rows(second!, 'SELECT x FROM spec')).toEqual([{ x: 1 }]);
    await stack.start('clickhouse-1');
    expect(await rows(first!, all)).toEqual([{ xs: '[0,1]' }]);
    expect(await rows(second!, all)).toEqual([{ xs: '[0,1]' }]);
  });

  it('refuses a wrong password', async () => {
    const stranger = createClient({ url: list('CLICKHOUSE_URLS')[0]!.replace(/:[^:@]+@/u, ':wrong@'), log });
    await expect(rows(stranger, 'SELECT 1')).rejects.toThrow('Authentication failed');
    await stranger.close();
  });
});

describe('Redis', () => {
  const nodes = list('REDIS_URLS').map((url) => ({ host: '127.0.0.1', port: Number(new URL(url).port) }));

  it('is a node by itself', async () => {
    const single = new Redis(stack.settings.REDIS_URL ?? '');
    expect(await single.set('spec', '1')).toBe('OK');
    await single.quit();
    await stack.kill('redis');
    await stack.start('redis');
    const again = new Redis(stack.settings.REDIS_URL ?? '');
    expect(await again.get('spec')).toBe('1');
    await again.quit();
  });

  it('is a cluster whose replica takes over from a killed master', async () => {
    const cluster = new Cluster(nodes, { clusterRetryStrategy: () => 100, redisOptions: { commandTimeout: 1000 } });
    cluster.on('error', () => undefined);
    const keys = Array.from({ length: 20 }, (_, at) => `spec-${at}`);
    for (const key of keys) expect(await cluster.set(key, key)).toBe('OK');
    const found = async (): Promise<boolean> => {
      const values = await Promise.all(keys.map((key) => cluster.get(key)));
      return values.every((value, at) => value === keys[at]);
    };
    expect(await found()).toBe(true);
    const masters = cluster.nodes('master').map(({ options }) => options.port);
    const master = ['redis-1', 'redis-2', 'redis-3', 'redis-4', 'redis-5', 'redis-6'].find((name) =>
      masters.includes(port(name)),
    )!;
    await stack.kill(master);
    await eventually('every key without that master', found);
    await stack.start(master);
    await eventually('every key', found);
    cluster.disconnect();
  });
});

describe('PostgreSQL', () => {
  const primary = stack.settings.DATABASE_URL ?? '';
  const replica = stack.settings.DATABASE_REPLICA_URL ?? '';
  const readable = (count: number) => async (): Promise<boolean> =>
    (await query(replica, 'SELECT FROM spec')).length === count;

  beforeAll(() => query(primary, 'CREATE TABLE spec (x int)'));
  afterAll(() => query(primary, 'DROP TABLE spec'));

  it('gives the replica what was written on the primary, which alone takes writes', async () => {
    await query(primary, 'INSERT INTO spec VALUES (1)');
    await eventually('the row on the replica', readable(1));
    await expect(query(replica, 'INSERT INTO spec VALUES (2)')).rejects.toThrow('read-only');
  });

  it('goes on after a killed replica and a killed primary', async () => {
    await stack.kill('postgres-replica');
    await query(primary, 'INSERT INTO spec VALUES (2)');
    await stack.start('postgres-replica');
    await eventually('what it missed', readable(2));
    await stack.kill('postgres');
    expect(await readable(2)()).toBe(true);
    await stack.start('postgres');
    await query(primary, 'INSERT INTO spec VALUES (3)');
    await eventually('streaming again', readable(3));
  });
});

describe('status', () => {
  it('tells of every process: it runs, and in how much memory', () => {
    const processes = stack.status();
    expect(processes.filter(({ state }) => state !== 'running')).toEqual([]);
    expect(processes.filter(({ residentKb }) => residentKb < 5000)).toEqual([]);
    const named = (name: string, count: number): string[] =>
      Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);
    const expected = [...named('clickhouse', 2), ...named('kafka', 3), 'postgres', 'postgres-replica', 'redis'];
    const names = processes.map(({ name }) => name).filter((name) => name !== 's3');
    expect(names.sort()).toEqual([...expected, ...named('redis', 6)]);
  });
});
