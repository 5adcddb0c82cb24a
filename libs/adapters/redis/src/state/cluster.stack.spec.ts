import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupPartition, StateSave, StateStore } from '@productgraph/kernel';
import { testStack } from '@productgraph/tools/stack';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedisStateStore, type RedisConnection } from '../index.ts';
import { clusterWhole, connectTest, eventually, onPort, whereIs } from '../testing/servers.ts';
import { partitionKeys } from './keys.ts';

const PARTITION: GroupPartition = { group: 'sessions', topic: 'events', generation: 1, partition: 5 };
const stack = testStack();
let redis: RedisConnection;
let store: StateStore;
let keys: string[];

beforeEach(async () => {
  await clusterWhole();
  redis = await connectTest('cluster');
  store = createRedisStateStore(redis);
  keys = Object.values(partitionKeys(redis.prefix, PARTITION));
});
afterEach(() => redis.close());

const saveOf = (expectedRevision: number, value = String(expectedRevision)): StateSave => ({
  expectedRevision,
  next: expectedRevision + 1,
  windowStart: null,
  time: 1,
  puts: [{ key: 'a', value, due: 5 }],
  deletes: [],
});
const value = async (): Promise<string | undefined> => (await store.load(PARTITION, ['a'])).get('a');
const where = () => whereIs(keys[0] ?? '');

/** What a runner does after a fault: reads the position again. */
const saveAtLast = (): Promise<number> =>
  eventually('a save', async () => {
    const { revision } = await store.position(PARTITION);
    return store.save(PARTITION, saveOf(revision));
  });

describe('a slot that moves', () => {
  it('is followed: half-way (TRYAGAIN), asked for (ASK), and where it is (MOVED)', async () => {
    await store.save(PARTITION, saveOf(0));
    const { slot, master, others } = await where();
    const target = others[0]!;
    await onPort(target.port, (node) => node.cluster('SETSLOT', slot, 'IMPORTING', master.id));
    await onPort(master.port, (node) => node.cluster('SETSLOT', slot, 'MIGRATING', target.id));
    const move = (moved: readonly string[]): Promise<unknown> =>
      onPort(master.port, (node) => node.call('migrate', '127.0.0.1', target.port, '', 0, 5000, 'KEYS', ...moved));

    await move(keys.slice(0, 1));
    const halfWay = store.save(PARTITION, saveOf(1));
    expect(await Promise.race([halfWay, sleep(300, 'waits')])).toBe('waits');
    await move(keys.slice(1));
    expect(await halfWay).toBe(2);
    expect(await value()).toBe('1');
    expect(await store.save(PARTITION, saveOf(2))).toBe(3);

    for (const node of [target, master, ...others.slice(1)]) {
      await onPort(node.port, (on) => on.cluster('SETSLOT', slot, 'NODE', target.id));
    }
    expect(await store.save(PARTITION, saveOf(3))).toBe(4);
    expect(await store.position(PARTITION)).toMatchObject({ revision: 4, next: 4 });
    expect(await store.due(PARTITION, 10)).toEqual([{ key: 'a', at: 5 }]);
    expect((await where()).master.id).toBe(target.id);
  });
});

describe('a master that is killed', () => {
  it('is replaced within the call: nobody notices but by the time', async () => {
    await store.save(PARTITION, saveOf(0));
    const { master, replica } = await where();
    await onPort(master.port, (node) => node.wait(1, 1_000));
    await stack.kill(master.name);
    const begin = performance.now();
    expect(await store.save(PARTITION, saveOf(1))).toBe(2);
    expect(performance.now() - begin).toBeLessThan(10_000);
    await stack.start(master.name);
    await clusterWhole();
    expect((await where()).master.id).toBe(replica.id);
  });

  it('and one that hands over (CLUSTER FAILOVER) too', async () => {
    await store.save(PARTITION, saveOf(0));
    const { replica } = await where();
    let revision = 0;
    const saves = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        expect(await store.save(PARTITION, saveOf(++revision))).toBe(revision + 1);
        await sleep(20);
      }
    };
    const handedOver = async (): Promise<boolean> => (await where()).master.id === replica.id;
    // Masters vote for replicas of one master once in 4 s, and one was just replaced: a refused hand-over is given up after 5 s.
    while (!(await handedOver())) {
      await onPort(replica.port, (node) => node.cluster('FAILOVER'));
      for (let tries = 0; tries < 12 && !(await handedOver()); tries++) await saves(25);
    }
    await saves(25);
  });

  it('with writes that its replica never had: the position is older, and saves of the lost history are refused', async () => {
    await store.save(PARTITION, saveOf(0));
    const { master, replica } = await where();
    await onPort(master.port, (node) => node.wait(1, 1_000));
    // The replica stands still and its connection is gone: what comes now, it never sees.
    await stack.pause(replica.name);
    await onPort(master.port, (node) => node.call('client', 'KILL', 'TYPE', 'replica'));
    expect(await store.save(PARTITION, saveOf(1))).toBe(2);
    expect(await store.save(PARTITION, saveOf(2))).toBe(3);
    await stack.kill(master.name);
    stack.resume(replica.name);

    expect(await store.save(PARTITION, saveOf(3))).toBeNull();
    expect(await store.position(PARTITION)).toMatchObject({ revision: 1, next: 1 });
    expect(await value()).toBe('0');
    expect(await saveAtLast()).toBe(2);
    await stack.start(master.name);
    await clusterWhole();
    expect(await store.position(PARTITION)).toMatchObject({ revision: 2 });
  });
});
