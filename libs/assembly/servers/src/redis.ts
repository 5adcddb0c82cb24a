import { checkRedis, connectRedis, type RedisConnection, type RedisOptions } from '@productgraph/adapter-redis';
import type { ConfigOf, redisSettings } from '@productgraph/platform-config';
import type { Telemetry } from '@productgraph/platform-telemetry';

export type RedisSettings = ConfigOf<{ redis: typeof redisSettings }>['redis'];

/** Checks Redis and connects. @throws InvalidRedisOptions, RedisUnusable, RedisUnavailable */
export async function openRedis(
  { urls, mode, prefix }: RedisSettings,
  telemetry: Pick<Telemetry, 'process'>,
): Promise<RedisConnection> {
  const cluster = mode === 'cluster' || (mode === 'auto' && urls.length > 1);
  const onFault = (error: Error): void => telemetry.process.connectionBroke({ server: 'Redis', error });
  const options: RedisOptions = { urls, cluster, prefix, onFault };
  await checkRedis(options);
  return connectRedis(options);
}
