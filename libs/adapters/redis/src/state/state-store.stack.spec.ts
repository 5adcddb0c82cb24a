import { stateStoreSuite } from '@productgraph/testing';
import { createRedisStateStore } from '../index.ts';
import { connectTest, MODES } from '../testing/servers.ts';

for (const mode of MODES) {
  stateStoreSuite(`Redis, ${mode}`, async () => {
    const redis = await connectTest(mode);
    return { store: createRedisStateStore(redis), close: () => redis.close() };
  });
}
