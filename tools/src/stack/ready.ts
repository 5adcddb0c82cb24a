import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { isAlive, type ProcessId } from './identity.ts';
import { logTail } from './process.ts';
import type { Check, Launch } from './state.ts';

const checks: { readonly [By in Check['by']]: (check: Extract<Check, { by: By }>) => Promise<boolean> } = {
  kafka: async ({ port, node }) => (await brokersOf(port)).includes(node),
  http: async ({ url }) => (await statusOf(url)) < 500,
  ready: async ({ url }) => (await statusOf(url)) === 200,
  // An error while it loads its data.
  redis: async ({ port }) => (await redis(port, (client) => client.dbsize())) >= 0,
  postgres: async ({ url }) => (await query(url, 'SELECT 1')).length === 1,
};

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.arrayBuffer();
  return response.status;
}

/**
 * Waits until the process serves.
 * @throws when it ends before or takes too long, with the end of its log
 */
export async function waitReady(folder: string, launch: Launch, id: ProcessId): Promise<void> {
  const within = launch.readyWithinMs ?? 60_000;
  const until = performance.now() + within;
  while (!(await holds(launch.ready))) {
    const alive = isAlive(id);
    if (alive && performance.now() < until) await sleep(50);
    else {
      const what = alive ? `was not ready within ${within / 1000} s` : 'ended before it was ready';
      throw new Error(`${launch.name} ${what}; its log ends with:\n${logTail(folder, launch.name, 15)}`);
    }
  }
}

/** @throws when `condition` has not become true within the time; what it throws counts as false */
export async function until(what: string, condition: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s.`);
    await sleep(50);
  }
}

async function holds(check: Check): Promise<boolean> {
  try {
    return await (checks[check.by] as (check: Check) => Promise<boolean>)(check);
  } catch {
    return false;
  }
}

/** Node ids of the brokers that the broker at this port knows to be up. */
export async function brokersOf(port: number): Promise<readonly number[]> {
  const admin = new Kafka({
    clientId: 'productgraph-stack',
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId);
  } finally {
    await admin.disconnect();
  }
}

/** Asks one Redis node, without trying again. */
export async function redis<T>(port: number, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    connectTimeout: 2000,
    commandTimeout: 2000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

/** Rows of one statement over a connection of its own. */
export async function query(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
