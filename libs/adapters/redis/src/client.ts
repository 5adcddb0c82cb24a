import { Cluster, Redis } from 'ioredis';
import type { CompiledRedisOptions, RedisNode } from './options.ts';

/** Driver's client of one node or of a cluster: the same commands. */
export type RedisClient = Redis | Cluster;

/** A client that is not yet connected. */
export function clientOf(options: CompiledRedisOptions): RedisClient {
  const client = options.cluster ? clusterOf(options) : singleOf(options);
  client.on('error', options.onFault);
  return client;
}

/** A client of one node, not yet connected, that gives up when its connection breaks. */
export function probeOf(node: RedisNode, options: CompiledRedisOptions): Redis {
  return new Redis({
    ...connectionOf(options),
    ...node,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    maxLoadingRetryTime: 0,
  });
}

function singleOf({ nodes: [node], ...options }: CompiledRedisOptions): Redis {
  return new Redis({
    ...connectionOf(options),
    ...node,
    lazyConnect: true,
    retryStrategy: reconnectDelay,
    // What waits for a connection is given up after so many failed tries, 1.5 s; until then a short gap is not noticed.
    maxRetriesPerRequest: 5,
    // The address may by now be another server's: a replica has become the master.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

function clusterOf({ nodes, ...options }: CompiledRedisOptions): Cluster {
  return new Cluster([...nodes], {
    lazyConnect: true,
    clusterRetryStrategy: reconnectDelay,
    // With none of the nodes connected a call fails at once instead of waiting in a queue without bound.
    enableOfflineQueue: false,
    // A master that died is tried again each 100 ms until its replica has taken over; the bound on a call ends it.
    maxRedirections: 100,
    slotsRefreshTimeout: 2_000,
    // The name stays, since certificates are for names.
    ...(options.tls && { dnsLookup: (address, found) => found(null, address) }),
    redisOptions: connectionOf(options),
  });
}

interface ConnectionSettings {
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: object;
  readonly connectionName: string;
  readonly connectTimeout: number;
  readonly socketTimeout: number;
}

function connectionOf(options: Omit<CompiledRedisOptions, 'nodes'>): ConnectionSettings {
  const { username, password, db, tls, timeoutMs } = options;
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(db !== 0 && { db }),
    ...(tls && { tls: {} }),
    connectionName: 'productgraph',
    connectTimeout: Math.min(timeoutMs, 5_000),
    // A connection over which nothing comes although something was asked is a dead one.
    socketTimeout: timeoutMs,
  };
}

const reconnectDelay = (attempt: number): number => Math.min(50 * 2 ** (attempt - 1), 1_000);
