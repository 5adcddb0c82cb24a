import type { GroupPartition, StatePut, StateStore } from '@productgraph/kernel';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedisStateStore, type RedisConnection } from '../index.ts';
import { connectTest, MODES } from '../testing/servers.ts';
import { partitionKeys } from './keys.ts';

/* What a state costs, in CPU time of the process and of Redis: 1,000 keys of 600 bytes a save. Figures are in the README. */

const PARTITION: GroupPartition = { group: 'cost', topic: 'events', generation: 1, partition: 0 };
const KEYS = 1_000;
const ROUNDS = 200;
/** Far above what it takes, on a machine that does other things besides: only a blunder goes beyond. */
const CEILING_US = 40;

const SESSION = '{"id":"0198c7f2-1111-7abc-8def-0123456789ab","start":1760000000000,"last":1760000000000,"pages":[';

/** Several rounds of values, so that none is sent twice in a row. */
const rounds = Array.from({ length: 10 }, (_, round) =>
  Array.from({ length: KEYS }, (_, n): StatePut => {
    const page = `{"path":"/products/${round * KEYS + n}","at":${1_760_000_000_000 + n}},`;
    const value = (SESSION + page.repeat(20)).slice(0, 600);
    return { key: `0198c7f2-1111-7abc-8def-0123456789ab u:user-${n}`, value, due: 1_760_000_000_000 + round * n };
  }),
);
const keys = rounds[0]!.map(({ key }) => key);

describe.each(MODES)('a state (%s)', (mode) => {
  let redis: RedisConnection;
  let store: StateStore;
  beforeAll(async () => {
    redis = await connectTest(mode);
    store = createRedisStateStore(redis);
  });
  afterAll(() => redis.close());

  /** CPU of the servers so far, µs. */
  const serverCpu = async (): Promise<number> => {
    const ask = async (node: { info(section: string): Promise<string> }): Promise<number> => {
      const info = await node.info('cpu');
      return [...info.matchAll(/^used_cpu_(?:sys|user):(.*)/gmu)].reduce((sum, [, s]) => sum + Number(s) * 1e6, 0);
    };
    const nodes = await redis.call('nodes', async (client) =>
      client instanceof Cluster ? client.nodes('master') : [client],
    );
    return (await Promise.all(nodes.map(ask))).reduce((sum, us) => sum + us, 0);
  };

  async function measure(what: string, round: (at: number) => Promise<unknown>): Promise<number> {
    for (let at = 0; at < ROUNDS / 4; at++) await round(at);
    const [before, server, begin] = [process.cpuUsage(), await serverCpu(), performance.now()];
    for (let at = 0; at < ROUNDS; at++) await round(at);
    const { user, system } = process.cpuUsage(before);
    const states = ROUNDS * KEYS;
    const [own, theirs] = [(user + system) / states, ((await serverCpu()) - server) / states];
    const time = ((performance.now() - begin) / ROUNDS).toFixed(1);
    console.log(`${mode}: ${what} ${own.toFixed(1)} µs of ours, ${theirs.toFixed(1)} µs of Redis; ${time} ms a call`);
    return own;
  }

  it(`costs at most ${CEILING_US} µs to save and to load`, async () => {
    let revision = 0;
    const save = async (at: number): Promise<void> => {
      const puts = rounds[at % rounds.length] ?? [];
      revision = (await store.save(PARTITION, { expectedRevision: revision, next: at, windowStart: 0, time: 0, puts, deletes: [] })) ?? 0; // prettier-ignore
    };
    expect(await measure('a state saved', save)).toBeLessThan(CEILING_US);
    expect(revision).toBe(ROUNDS * 1.25);
    expect(await measure('a state loaded', () => store.load(PARTITION, keys))).toBeLessThan(CEILING_US);
    const { values, due } = partitionKeys(redis.prefix, PARTITION);
    const bytes = await redis.call('memory', async (client) => {
      const used = [values, due].map((key) => client.memory('USAGE', key, 'SAMPLES', 0));
      return (await Promise.all(used)).reduce<number>((sum, one) => sum + Number(one), 0);
    });
    console.log(`${mode}: ${Math.round(bytes / KEYS)} bytes of memory a state`);
  });
});
