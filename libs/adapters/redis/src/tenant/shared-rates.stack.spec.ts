import { setTimeout as sleep } from 'node:timers/promises';
import { sharedRatesSuite } from '@productgraph/testing';
import { expect, it } from 'vitest';
import { createRedisSharedRates } from '../index.ts';
import { connectTest, MODES } from '../testing/servers.ts';

for (const mode of MODES) {
  sharedRatesSuite(`Redis, ${mode}`, async () => {
    const redis = await connectTest(mode);
    // The server's clock cannot be set; it may count a little less than ours.
    return { rates: createRedisSharedRates(redis), pass: (ms) => sleep(ms + 2), close: () => redis.close() };
  });
}

it('a bucket that would be full goes by itself', async () => {
  const redis = await connectTest('single');
  await createRedisSharedRates(redis).take({ projectId: 'a', rate: 10, n: 35 });
  const left = await redis.call('ttl', (client) => client.pttl(`${redis.prefix}:rate:{a}`));
  expect(left).toBeGreaterThan(4_000);
  expect(left).toBeLessThanOrEqual(4_500);
  await redis.close();
});
