import type { Redis } from 'ioredis';
import { probeOf } from './client.ts';
import { replyCodeOf } from './faults.ts';
import { compileRedisOptions, type CompiledRedisOptions, type RedisNode, type RedisOptions } from './options.ts';
import { clusterStateOf, factsOf, faultIn, nodesOf } from './server-facts.ts';

/** Why the Redis that is given cannot be used; the message is one sentence for people and never holds the password. */
export class RedisUnusable extends Error {
  override readonly name = 'RedisUnusable';
}

/**
 * Connects once, of a cluster to every node, and checks what every later step relies on.
 * @throws RedisUnusable naming the first thing that is wrong
 * @throws InvalidRedisOptions
 */
export async function checkRedis(options: RedisOptions): Promise<{ readonly version: string }> {
  const compiled = compileRedisOptions(options);
  const probe = await firstThatAnswers(compiled);
  try {
    const version = await checkNode(probe, compiled);
    for (const node of compiled.cluster ? await otherNodes(probe) : []) {
      const other = await open(node, compiled);
      await checkNode(other, compiled).finally(() => other.disconnect());
    }
    return { version };
  } finally {
    probe.disconnect();
  }
}

/** @throws RedisUnusable about the first node when none of those given answers */
async function firstThatAnswers(options: CompiledRedisOptions): Promise<Redis> {
  const [first, ...others] = options.nodes;
  try {
    return await open(first, options);
  } catch (error) {
    for (const node of others) {
      const probe = await open(node, options).catch(() => null);
      if (probe !== null) return probe;
    }
    throw error;
  }
}

async function open(node: RedisNode, options: CompiledRedisOptions): Promise<Redis> {
  const probe = probeOf(node, options);
  // The driver rejects with "Connection is closed."; why, it tells here.
  const reasons: unknown[] = [];
  probe.on('error', (error: Error) => reasons.push(error));
  try {
    await probe.connect();
    return probe;
  } catch (error) {
    probe.disconnect();
    throw new RedisUnusable(explain(reasons[0] ?? error, nameOf(node), options), { cause: error });
  }
}

async function checkNode(probe: Redis, { cluster }: CompiledRedisOptions): Promise<string> {
  const name = nameOf({ host: probe.options.host ?? '', port: probe.options.port ?? 0 });
  const facts = factsOf(await ask(name, () => probe.info('everything')));
  const state = facts.cluster ? clusterStateOf(await ask(name, () => probe.cluster('INFO'))) : null;
  const fault = faultIn({ ...facts, clusterState: state }, { name, cluster });
  if (fault !== null) throw new RedisUnusable(fault);
  return facts.version;
}

async function otherNodes(probe: Redis): Promise<RedisNode[]> {
  return nodesOf(await ask('the cluster', () => probe.cluster('NODES')));
}

async function ask(name: string, question: () => Promise<unknown>): Promise<string> {
  try {
    return String(await question());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RedisUnusable(
      `Redis at ${name} does not tell of itself (${reason}): allow INFO and CLUSTER to its user.`,
      {
        cause: error,
      },
    );
  }
}

const CONNECT_FAULTS: Readonly<Record<string, (name: string, variable: string) => string>> = {
  ECONNREFUSED: (name, variable) => `No Redis listens at ${name}: start it or correct host and port in ${variable}.`,
  ENOTFOUND: (name, variable) => `The host of ${name} does not exist: correct it in ${variable}.`,
  EAI_AGAIN: (name) => `The host of ${name} could not be looked up: check it and the network.`,
  EHOSTUNREACH: (name) => `The host of ${name} cannot be reached from here: check the network.`,
  ETIMEDOUT: (name) => `Redis at ${name} does not answer: check host, port and firewalls.`,
  WRONGPASS: (name, variable) => `Redis at ${name} refused user or password: correct them in ${variable}.`,
  NOAUTH: (name, variable) => `Redis at ${name} asks for a password and ${variable} has none.`,
  LOADING: (name) => `Redis at ${name} is still loading its data: try again in a moment.`,
};

function explain(error: unknown, name: string, { cluster }: CompiledRedisOptions): string {
  const variable = cluster ? 'REDIS_URLS' : 'REDIS_URL';
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = CONNECT_FAULTS[code] ?? CONNECT_FAULTS[error instanceof Error ? replyCodeOf(error) : ''];
  if (known !== undefined) return known(name, variable);
  return `Redis at ${name} cannot be used (${message}): check ${variable}.`;
}

const nameOf = ({ host, port }: RedisNode): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
