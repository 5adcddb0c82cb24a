import type { RedisNode } from './options.ts';

/** What a node tells of itself in INFO. */
interface NodeInfo {
  readonly version: string;
  /** Empty where it does not tell. */
  readonly policy: string;
  readonly replica: boolean;
  readonly cluster: boolean;
}

interface NodeFacts extends NodeInfo {
  /** Null for a node of no cluster. */
  readonly clusterState: string | null;
}

/** The node, and what it should be. */
interface Expected {
  readonly name: string;
  readonly cluster: boolean;
}

/** Oldest Redis we run on: scripts that declare what they need (`#!lua`), sharded pub/sub. */
const MINIMUM_VERSION = 7;

export function factsOf(info: string): NodeInfo {
  return {
    version: field(info, 'redis_version'),
    policy: field(info, 'maxmemory_policy'),
    replica: field(info, 'role') === 'slave',
    cluster: field(info, 'cluster_enabled') === '1',
  };
}

/** `ok`, `fail`, or what else CLUSTER INFO says. */
export function clusterStateOf(clusterInfo: string): string {
  return field(clusterInfo, 'cluster_state');
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'mu').exec(info)?.[1] ?? '';
}

/** Addresses of the nodes of CLUSTER NODES that are alive, the asked one left out; by name where they announce one. */
export function nodesOf(clusterNodes: string): RedisNode[] {
  return clusterNodes.split('\n').flatMap((line) => {
    const [, address = '', flags = ''] = line.split(' ');
    const parts = /^(.*):(\d+)@\d+(?:,([^,]*))?/u.exec(address);
    if (parts === null || /myself|fail|handshake|noaddr/u.test(flags)) return [];
    const [, ip = '', port = '', name = ''] = parts;
    return [{ host: name === '' ? ip : name, port: Number(port) }];
  });
}

/** The first thing for which this node cannot be used, as a sentence; null = none. */
export function faultIn(facts: NodeFacts, expected: Expected): string | null {
  return versionFault(facts, expected) ?? kindFault(facts, expected) ?? policyFault(facts, expected);
}

function versionFault({ version }: NodeFacts, { name }: Expected): string | null {
  if (Number.parseInt(version, 10) >= MINIMUM_VERSION) return null;
  const given = version === '' ? 'of an unknown version' : version;
  return `The server at ${name} is Redis ${given} and ProductGraph needs ${MINIMUM_VERSION} or newer.`;
}

function kindFault({ cluster, clusterState, replica }: NodeFacts, expected: Expected): string | null {
  const { name } = expected;
  if (expected.cluster && !cluster) {
    return `Redis at ${name} is no node of a cluster: give its URL as REDIS_URL instead of REDIS_URLS.`;
  }
  if (cluster && !expected.cluster) {
    return `Redis at ${name} is a node of a cluster: give URLs of its nodes as REDIS_URLS instead of REDIS_URL.`;
  }
  if (cluster && clusterState !== 'ok') {
    return `Redis Cluster is not complete (cluster_state is ${clusterState ?? 'unknown'} at ${name}): bring its masters back or assign their slots.`;
  }
  if (replica && !cluster) return `Redis at ${name} is a replica and takes no writes: give the URL of its master.`;
  return null;
}

function policyFault({ policy }: NodeFacts, { name }: Expected): string | null {
  if (policy === 'noeviction') return null;
  const given = policy === '' ? 'that it does not tell' : policy;
  return `Redis at ${name} has a maxmemory-policy ${given} and would drop state when memory is short: set it to noeviction, and give caches a Redis of their own.`;
}
