import { setTimeout as sleep } from 'node:timers/promises';
import { testStack } from '@productgraph/tools/stack';
import { Redis } from 'ioredis';
import { connectRedis, type RedisConnection, type RedisOptions } from '../index.ts';

/** The Redis of the tests' stack, both ways. */
export const MODES = ['single', 'cluster'] as const;
export type Mode = (typeof MODES)[number];

const VARIABLES = { single: 'REDIS_URL', cluster: 'REDIS_URLS' } as const satisfies Record<Mode, string>;

/** @throws outside of a run with `vitest.stack.config.ts` */
export function testUrls(mode: Mode): string[] {
  return (testStack().settings[VARIABLES[mode]] ?? '').split(',');
}

/** Connects under a prefix of its own, so that a suite finds nothing of another. */
export function connectTest(mode: Mode, options: Partial<RedisOptions> = {}): Promise<RedisConnection> {
  const prefix = `spec.${Math.random().toString(36).slice(2)}`;
  return connectRedis({ urls: testUrls(mode), cluster: mode === 'cluster', prefix, ...options });
}

/** A node of the cluster as it is now. */
export interface ClusterNode {
  /** Of its process in the stack. */
  readonly name: string;
  readonly id: string;
  readonly port: number;
}

/** Asks one node by itself. */
export async function onPort<T>(port: number, ask: (node: Redis) => Promise<T>): Promise<T> {
  const node = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 1 });
  node.on('error', () => undefined);
  try {
    return await ask(node);
  } finally {
    node.disconnect();
  }
}

/** Where a key is. */
export interface Place {
  readonly slot: number;
  readonly master: ClusterNode;
  readonly replica: ClusterNode;
  /** The other masters. */
  readonly others: readonly ClusterNode[];
}

/** The slot of a key, the master that serves it with its replica, and the other masters, as a living node sees them. */
export function whereIs(key: string): Promise<Place> {
  // A new cluster's nodes hear of each other's parts one after the other.
  return eventually('a master with a replica', () => lookFor(key));
}

async function lookFor(key: string): Promise<Place | null> {
  const [alive] = clusterProcesses().filter(({ state }) => state === 'running');
  return onPort(alive?.port ?? 0, async (node) => {
    const slot = await node.cluster('KEYSLOT', key);
    // CLUSTER SLOTS leaves out replicas that have not yet told their offset.
    const nodes = String(await node.cluster('NODES'))
      .trim()
      .split('\n')
      .map(nodeOf);
    const masters = nodes.filter(({ masterOf }) => masterOf.length > 0);
    const serves = ({ masterOf }: Seen): boolean => masterOf.some(([first, last]) => first <= slot && slot <= last);
    const master = masters.find(serves);
    const replica = nodes.find(({ replicaOf }) => replicaOf === master?.id);
    if (master === undefined || replica === undefined) return null;
    return { slot, master, replica, others: masters.filter((other) => other !== master) };
  });
}

const clusterProcesses = () =>
  testStack()
    .status()
    .filter(({ name }) => /^redis-\d$/u.test(name));

interface Seen extends ClusterNode {
  readonly replicaOf: string;
  /** Ranges of slots. */
  readonly masterOf: readonly (readonly [number, number])[];
}

function nodeOf(line: string): Seen {
  const [id = '', address = '', , replicaOf = '', , , , , ...slots] = line.split(' ');
  const port = Number(/:(\d+)@/u.exec(address)?.[1]);
  const name = clusterProcesses().find((process) => process.port === port)?.name ?? '';
  const ranges = slots.filter((range) => !range.startsWith('[')).map((range) => range.split('-').map(Number));
  return { id, port, name, replicaOf, masterOf: ranges.map(([first = 0, last = first]) => [first, last] as const) };
}

/** The first answer that is not null or false, while a cluster makes up its mind; what `ask` throws counts as null. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | false>): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within 30 s.`);
    await sleep(50);
  }
}

/** Every node of the cluster runs, sees all slots served, and has its master or a replica. */
export async function clusterWhole(): Promise<void> {
  await eventually('the cluster is whole', async () => {
    const ports = testUrls('cluster').map((url) => Number(new URL(url).port));
    const healthy = ports.map((port) =>
      onPort(port, async (node) => {
        const [state, replication] = [await node.cluster('INFO'), await node.info('replication')];
        return state.includes('cluster_state:ok') && /master_link_status:up|connected_slaves:[1-9]/u.test(replication);
      }),
    );
    return (await Promise.all(healthy)).every(Boolean);
  });
}
