import { keyChangesSuite } from '@productgraph/testing';
import { testStack } from '@productgraph/tools/stack';
import { describe, expect, it } from 'vitest';
import { connectRedis, createRedisKeyChanges } from '../index.ts';
import { clusterWhole, connectTest, eventually, MODES, testUrls } from '../testing/servers.ts';

for (const mode of MODES) {
  keyChangesSuite(`Redis, ${mode}`, async () => {
    const here = await connectTest(mode);
    const there = await connectRedis({ urls: testUrls(mode), cluster: mode === 'cluster', prefix: here.prefix });
    return {
      processes: [createRedisKeyChanges(here), createRedisKeyChanges(there)],
      close: async () => {
        await Promise.all([here.close(), there.close()]);
      },
    };
  });
}

describe.each(MODES)('a subscriber (%s)', (mode) => {
  it('hears again after each node was killed in turn', async () => {
    const redis = await connectTest(mode);
    const changes = createRedisKeyChanges(redis);
    const heard = new Set<string>();
    const end = await changes.subscribe((hash) => heard.add(hash));
    const stack = testStack();
    const nodes = mode === 'single' ? ['redis'] : ['redis-1', 'redis-2', 'redis-3'];
    for (const name of nodes) {
      await stack.kill(name);
      await stack.start(name);
      if (mode === 'cluster') await clusterWhole();
      let tries = 0;
      await eventually(`heard after ${name}`, async () => {
        await changes.publish(`${name}.${tries++}`);
        return [...heard].some((hash) => hash.startsWith(`${name}.`));
      });
    }
    expect(heard.size).toBeGreaterThanOrEqual(nodes.length);
    await end();
    await redis.close();
  });
});
