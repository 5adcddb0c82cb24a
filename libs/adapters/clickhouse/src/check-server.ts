import { connectClickHouse, type ClickHouse, type ClickHouseNode } from './client/connection.ts';
import { codeOf, reasonOf } from './client/faults.ts';
import type { ClickHouseOptions } from './options.ts';

/** Why the ClickHouse that is given cannot be used; the message is one sentence for people and never holds the password. */
export class ClickHouseUnusable extends Error {
  override readonly name = 'ClickHouseUnusable';
}

/** Oldest ClickHouse we run on: FINAL that honours skip indexes and partitions, projections under ReplacingMergeTree. */
const MINIMUM_VERSION = [25, 8] as const;

/** What a node tells of itself. */
export interface ServerFacts {
  readonly version: string;
  /** Macro `shard`; empty where there is none. */
  readonly shard: string;
  /** Shards of the cluster; 0 = there is no such cluster. */
  readonly shards: number;
  /** Which of them the node itself is, from 1; 0 = none. */
  readonly own: number;
  readonly keeper: boolean;
}

/**
 * Asks every node and checks what every later step relies on. Needs no database yet.
 * @throws ClickHouseUnusable naming the first thing that is wrong
 * @throws InvalidClickHouseOptions
 */
export async function checkClickHouse(options: ClickHouseOptions): Promise<{ readonly version: string }> {
  const all = connectClickHouse({ ...options, database: 'system' });
  try {
    const versions: string[] = [];
    for (const [shard, replicas] of all.shards.entries()) {
      for (const node of replicas) versions.push(await checkNode(node, { all, shard, replicas: replicas.length }));
    }
    return { version: versions[0] ?? '' };
  } finally {
    await all.close();
  }
}

/** What the node should be. */
export interface Expected {
  readonly name: string;
  readonly cluster: string | null;
  /** From 0. */
  readonly shard: number;
  readonly shards: number;
  readonly replicas: number;
}

interface Checked {
  readonly all: ClickHouse;
  readonly shard: number;
  readonly replicas: number;
}

async function checkNode(node: ClickHouseNode, { all, shard, replicas }: Checked): Promise<string> {
  const facts = await factsOf(node, all.cluster);
  const expected = { name: node.name, cluster: all.cluster, shard, shards: all.shards.length, replicas };
  const fault = faultIn(facts, expected);
  if (fault !== null) throw new ClickHouseUnusable(fault);
  return facts.version;
}

async function factsOf(node: ClickHouseNode, cluster: string | null): Promise<ServerFacts> {
  try {
    const [row] = await node.rows<Omit<ServerFacts, 'keeper'> & { readonly keeper: number }>({
      sql: `SELECT version() AS version,
        (SELECT any(substitution) FROM system.macros WHERE macro = 'shard') AS shard,
        (SELECT uniqExact(shard_num) FROM system.clusters WHERE cluster = {cluster:String}) AS shards,
        (SELECT any(shard_num) FROM system.clusters WHERE cluster = {cluster:String} AND is_local) AS own,
        (SELECT count() FROM system.tables WHERE database = 'system' AND name = 'zookeeper') AS keeper`,
      params: { cluster: cluster ?? '' },
    });
    if (row === undefined) throw new TypeError('no answer');
    return { ...row, keeper: row.keeper > 0 };
  } catch (error) {
    throw new ClickHouseUnusable(explain(error, node.name), { cause: error });
  }
}

/** The first thing for which this node cannot be used, as a sentence; null = none. */
export function faultIn(facts: ServerFacts, expected: Expected): string | null {
  return versionFault(facts, expected) ?? clusterFault(facts, expected) ?? replicaFault(facts, expected);
}

function versionFault({ version }: ServerFacts, { name }: Expected): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = MINIMUM_VERSION;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return null;
  return `The server at ${name} is ClickHouse ${version} and ProductGraph needs ${MINIMUM_VERSION.join('.')} or newer.`;
}

function clusterFault(facts: ServerFacts, { name, cluster, shard, shards }: Expected): string | null {
  if (cluster === null) return null;
  if (facts.shards === 0) {
    return `ClickHouse at ${name} knows no cluster ${cluster}: correct CLICKHOUSE_CLUSTER, or name it in remote_servers.`;
  }
  if (facts.shards !== shards) {
    return `The cluster ${cluster} has ${facts.shards} shards and CLICKHOUSE_URLS names ${shards}: name one address per shard.`;
  }
  if (facts.own !== 0 && facts.own !== shard + 1) {
    return `ClickHouse at ${name} is shard ${facts.own} of ${cluster} and stands at place ${shard + 1} in CLICKHOUSE_URLS: put the addresses in the order of the shards.`;
  }
  return null;
}

function replicaFault({ keeper, shard }: ServerFacts, { name, replicas, shards }: Expected): string | null {
  if (replicas > 1 && !keeper) {
    return `ClickHouse at ${name} has no Keeper and CLICKHOUSE_URLS names ${replicas} replicas of its shard: set up Keeper, or name one address per shard.`;
  }
  if (keeper && shards > 1 && shard === '') {
    return `ClickHouse at ${name} has no macro "shard": its replicated tables would mix with those of other shards.`;
  }
  return null;
}

const CONNECT_FAULTS: Readonly<Record<string, (name: string) => string>> = {
  ECONNREFUSED: (name) => `No ClickHouse listens at ${name}: start it or correct host and port in CLICKHOUSE_URLS.`,
  ENOTFOUND: (name) => `The host of ${name} does not exist: correct it in CLICKHOUSE_URLS.`,
  EAI_AGAIN: (name) => `The host of ${name} could not be looked up: check it and the network.`,
  EHOSTUNREACH: (name) => `The host of ${name} cannot be reached from here: check the network.`,
  ETIMEDOUT: (name) => `ClickHouse at ${name} does not answer: check host, port and firewalls.`,
  '193': (name) => `ClickHouse at ${name} refused user or password: correct CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.`,
  '194': (name) => `ClickHouse at ${name} asks for a password: set CLICKHOUSE_PASSWORD.`,
  '516': (name) => `ClickHouse at ${name} refused user or password: correct CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.`,
};

function explain(error: unknown, name: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const system = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = CONNECT_FAULTS[system] ?? CONNECT_FAULTS[codeOf(error)];
  if (known !== undefined) return known(name);
  return `ClickHouse at ${name} cannot be used (${reasonOf(error)}): check CLICKHOUSE_URLS.`;
}
