import type { GroupPartition, StateSave } from '@productgraph/kernel';
import { startFaultProxy, testStack, type FaultProxy } from '@productgraph/tools/stack';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisUnavailable } from '../faults.ts';
import { createRedisStateStore, type RedisConnection } from '../index.ts';
import { connectTest, MODES, onPort, testUrls } from '../testing/servers.ts';
import { partitionKeys } from './keys.ts';
import { StateReplaced } from './state-store.ts';

const PARTITION: GroupPartition = { group: 'sessions', topic: 'events', generation: 1, partition: 2 };
const saveOf = (expectedRevision: number, value: string): StateSave => ({
  expectedRevision,
  next: expectedRevision + 1,
  windowStart: null,
  time: 1,
  puts: [{ key: 'a', value, due: 5 }],
  deletes: [],
});
const valueOf = async (store: ReturnType<typeof createRedisStateStore>): Promise<string | undefined> =>
  (await store.load(PARTITION, ['a'])).get('a');

const port = Number(new URL(testUrls('single')[0] ?? '').port);

describe.each(MODES)('on a Redis that does its work (%s)', (mode) => {
  let redis: RedisConnection;
  beforeEach(async () => void (redis = await connectTest(mode)));
  afterEach(() => redis.close());

  it('teaches a server the script that it has forgotten', async () => {
    const store = createRedisStateStore(redis);
    expect(await store.save(PARTITION, saveOf(0, '1'))).toBe(1);
    for (const url of testUrls(mode)) await onPort(Number(new URL(url).port), (node) => node.script('FLUSH'));
    expect(await store.save(PARTITION, saveOf(1, '2'))).toBe(2);
    expect(await valueOf(store)).toBe('2');
  });

  it('leaves three keys, none with a time to live', async () => {
    await createRedisStateStore(redis).save(PARTITION, saveOf(0, '1'));
    const keys = Object.values(partitionKeys(redis.prefix, PARTITION));
    expect(await redis.call('ttl', (client) => Promise.all(keys.map((key) => client.pttl(key))))).toEqual([-1, -1, -1]);
  });

  it('refuses a save that builds on a history which was lost, though its revision has come again', async () => {
    const [lost, stays] = [createRedisStateStore(redis), createRedisStateStore(redis)];
    await lost.save(PARTITION, saveOf(0, 'lost'));
    const keys = Object.values(partitionKeys(redis.prefix, PARTITION));
    await redis.call('flush', (client) => client.del(...keys));
    await stays.position(PARTITION);
    await stays.save(PARTITION, saveOf(0, 'stays'));
    expect(await lost.save(PARTITION, saveOf(1, 'of the lost one'))).toBeNull();
    expect(await valueOf(stays)).toBe('stays');
    expect(await lost.position(PARTITION)).toMatchObject({ revision: 1 });
    expect(await lost.save(PARTITION, saveOf(1, 'of this one'))).toBe(2);
  });

  it('does not take lost timers for none', async () => {
    const store = createRedisStateStore(redis);
    await store.save(PARTITION, saveOf(0, '1'));
    expect(await store.due(PARTITION, 10)).toEqual([{ key: 'a', at: 5 }]);
    const keys = Object.values(partitionKeys(redis.prefix, PARTITION));
    await redis.call('flush', (client) => client.del(...keys));
    await expect(store.due(PARTITION, 10)).rejects.toThrow(StateReplaced);
    expect(await store.position(PARTITION)).toMatchObject({ revision: 0 });
    expect(await store.due(PARTITION, 10)).toEqual([]);
  });

  it('does not take lost values for none, nor those of another owner for its own', async () => {
    const [mine, other] = [createRedisStateStore(redis), createRedisStateStore(redis)];
    await mine.save(PARTITION, saveOf(0, '1'));
    expect(await valueOf(mine)).toBe('1');
    await other.position(PARTITION);
    await other.save(PARTITION, saveOf(1, '2'));
    await expect(mine.load(PARTITION, ['a'])).rejects.toThrow(StateReplaced);
    const keys = Object.values(partitionKeys(redis.prefix, PARTITION));
    await redis.call('flush', (client) => client.del(...keys));
    await expect(other.load(PARTITION, ['a'])).rejects.toThrow(StateReplaced);
    expect(await other.position(PARTITION)).toMatchObject({ revision: 0 });
    expect(await other.load(PARTITION, ['a'])).toEqual(new Map());
  });

  it('changes nothing when a key is not what it should be, and says so at once', async () => {
    const store = createRedisStateStore(redis);
    const { values } = partitionKeys(redis.prefix, PARTITION);
    await redis.call('spoil', (client) => client.set(values, 'text'));
    await expect(store.save(PARTITION, saveOf(0, '1'))).rejects.toThrow('WRONGTYPE');
    expect(await store.position(PARTITION)).toMatchObject({ revision: 0 });
    expect(await store.due(PARTITION, 10)).toEqual([]);
  });

  it('loads and saves more than goes into one command', async () => {
    const store = createRedisStateStore(redis);
    const puts = Array.from({ length: 60_000 }, (_, n) => ({ key: `k${n}`, value: `v${n}`, due: n }));
    expect(await store.save(PARTITION, { ...saveOf(0, ''), puts })).toBe(1);
    const keys = puts.map(({ key }) => key);
    expect(await store.load(PARTITION, keys)).toEqual(new Map(puts.map(({ key, value }) => [key, value])));
    const due = await store.due(PARTITION, 30_000);
    expect(due.map(({ at }) => at)).toEqual(Array.from({ length: 30_001 }, (_, n) => n));
    expect(await store.save(PARTITION, { ...saveOf(1, ''), puts: [], deletes: keys })).toBe(2);
    expect(await store.due(PARTITION, 1e9)).toEqual([]);
  });
});

describe('on a Redis that is full', () => {
  it('a save is refused as a whole, to be tried again', async () => {
    const redis = await connectTest('single');
    const store = createRedisStateStore(redis);
    await store.save(PARTITION, saveOf(0, '1'));
    const limit = (bytes: string) => onPort(port, (node) => node.config('SET', 'maxmemory', bytes));
    await limit('1');
    await expect(store.save(PARTITION, { ...saveOf(1, '2'), deletes: ['b'] })).rejects.toThrow(RedisUnavailable);
    expect(await valueOf(store)).toBe('1');
    await limit('256mb');
    expect(await store.save(PARTITION, saveOf(1, '2'))).toBe(2);
    await redis.close();
  });
});

describe('over a bad network', () => {
  let proxy: FaultProxy;
  let redis: RedisConnection;
  let store: ReturnType<typeof createRedisStateStore>;
  beforeEach(async () => {
    proxy = await startFaultProxy({ target: port });
    redis = await connectTest('single', { urls: [`redis://127.0.0.1:${proxy.port}`], timeoutMs: 1_000 });
    store = createRedisStateStore(redis);
    await store.save(PARTITION, saveOf(0, '0'));
  });
  afterEach(async () => {
    await redis.close();
    await proxy.stop();
  });

  it('a save whose answer is lost is sent again, and counts once', async () => {
    proxy.dropReplies(1);
    expect(await store.save(PARTITION, saveOf(1, '1'))).toBe(2);
    expect(proxy.faults()).toBe(1);
    expect(await store.position(PARTITION)).toMatchObject({ revision: 2 });
    expect(await store.save(PARTITION, saveOf(2, '2'))).toBe(3);
  });

  it('broken connections are made again unnoticed', async () => {
    for (let revision = 1; revision <= 20; revision++) {
      proxy.cut();
      expect(await store.save(PARTITION, saveOf(revision, String(revision)))).toBe(revision + 1);
    }
    expect(await valueOf(store)).toBe('20');
  });

  it('silence ends a call in time; afterwards all is as it was', async () => {
    proxy.silence();
    await expect(store.save(PARTITION, saveOf(1, '1'))).rejects.toThrow(
      'save of sessions on events.1[2] took over 1000 ms',
    );
    await expect(store.position(PARTITION)).rejects.toThrow(RedisUnavailable);
    proxy.heal();
    const position = await store.position(PARTITION);
    // The save may have arrived or not, but not by half.
    expect(await valueOf(store)).toBe(position.revision === 2 ? '1' : '0');
    expect(await store.save(PARTITION, saveOf(position.revision, 'x'))).toBe(position.revision + 1);
  });

  it('a Redis that cannot be reached is a fault to be tried again, until it can', async () => {
    proxy.disconnect();
    await expect(store.load(PARTITION, ['a'])).rejects.toThrow(RedisUnavailable);
    await expect(connectTest('single', { urls: ['redis://127.0.0.1:1'], timeoutMs: 500 })).rejects.toThrow(
      RedisUnavailable,
    );
    proxy.heal();
    expect(await valueOf(store)).toBe('0');
  });
});

describe('a single node that dies and comes back', () => {
  it('has its state', async () => {
    const redis = await connectTest('single');
    const store = createRedisStateStore(redis);
    await store.save(PARTITION, saveOf(0, '1'));
    // Redis writes its file behind the answer; what a crash loses of it is found by the position.
    await onPort(port, (node: Redis) => node.call('WAITAOF', '1', '0', '1000').catch(() => node.bgrewriteaof()));
    await testStack().kill('redis');
    await testStack().start('redis');
    expect(await store.position(PARTITION)).toMatchObject({ revision: 1, next: 1 });
    expect(await store.save(PARTITION, saveOf(1, '2'))).toBe(2);
    await redis.close();
  });
});
