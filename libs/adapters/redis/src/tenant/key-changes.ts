import type { KeyChanges } from '@productgraph/domain-tenant';
import type { RedisClient } from '../client.ts';
import type { RedisConnection } from '../connection.ts';

/** Changes of keys over the channel `<prefix>:key-changes`; a cluster passes them on to all its nodes. */
export function createRedisKeyChanges(redis: RedisConnection): KeyChanges {
  const channel = `${redis.prefix}:key-changes`;
  return {
    publish: async (keyId) => {
      await redis.call('telling of a changed key', (client) => client.publish(channel, keyId));
    },
    async subscribe(changed) {
      // A connection that listens can do nothing else. When it breaks, the driver connects and subscribes again.
      const client: RedisClient = redis.duplicate();
      client.on('message', (_channel: string, keyId: string) => changed(keyId));
      try {
        await redis.call('listening for changed keys', async () => {
          await client.connect();
          await client.subscribe(channel);
        });
      } catch (error) {
        client.disconnect();
        throw error;
      }
      return async () => {
        // Closing takes a while; nothing is told meanwhile.
        client.removeAllListeners('message');
        client.disconnect();
      };
    },
  };
}
