export { checkRedis, RedisUnusable } from './check-server.ts';
export { connectRedis, type RedisConnection } from './connection.ts';
export { RedisUnavailable } from './faults.ts';
export { InvalidRedisOptions, type RedisOptions } from './options.ts';
export { createRedisStateStore } from './state/state-store.ts';
export { createRedisKeyChanges } from './tenant/key-changes.ts';
export { createRedisSharedRates } from './tenant/shared-rates.ts';
