import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebs } from './apt.ts';
import { cached } from './cache.ts';
import { runProgram, tryProgram } from './programs.ts';
import { redis as ask, until } from './ready.ts';
import { subfolder, type Run, type ServerKind } from './run.ts';
import type { Launch, Settings } from './state.ts';

/** Programs of Redis, on the PATH or in the cache. */
interface Installed {
  readonly server: string;
  readonly cli: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Plan {
  readonly single: boolean;
  readonly masters: number;
}

const SINGLE = 'redis';
const nodes = (masters: number): string[] => Array.from({ length: masters * 2 }, (_, at) => `redis-${at + 1}`);

/** Redis: one node `redis`, and a cluster of `redis-1` … with one replica a master. Append-only files, no snapshots. */
export const redis: ServerKind<Plan> = {
  ports: ({ single, masters }) => [
    ...(single ? [SINGLE] : []),
    ...nodes(masters).flatMap((name) => [name, `${name}-bus`]),
  ],
  install,
  start: async (run, { single, masters }) => {
    const installed = await install(run.say);
    const [one, cluster] = await Promise.all([
      single ? startSingle(run, installed) : {},
      masters > 0 ? startCluster(run, installed, nodes(masters)) : {},
    ]);
    return { ...one, ...cluster };
  },
};

async function startSingle(run: Run, installed: Installed): Promise<Settings> {
  await run.launch(node(run, installed, { name: SINGLE, cluster: [] }));
  return { REDIS_URL: `redis://127.0.0.1:${run.port(SINGLE)}` };
}

async function startCluster(run: Run, installed: Installed, names: readonly string[]): Promise<Settings> {
  await Promise.all(
    names.map((name) => {
      const bus = String(run.port(`${name}-bus`));
      const cluster = ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-port', bus];
      return run.launch(node(run, installed, { name, cluster: [...cluster, '--cluster-node-timeout', '2000'] }));
    }),
  );
  const ports = names.map(run.port);
  if (!(await isCluster(ports[0] ?? 0))) {
    const addresses = ports.map((port) => `127.0.0.1:${port}`);
    const args = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'];
    await runProgram(installed.cli, args, { env: installed.env, from: 'redis-cli beside redis-server' });
  }
  await until('Redis Cluster', async () => (await Promise.all(ports.map(isHealthy))).every(Boolean));
  return { REDIS_URLS: ports.map((port) => `redis://127.0.0.1:${port}`).join(',') };
}

async function isCluster(port: number): Promise<boolean> {
  return !(await ask(port, (client) => client.cluster('INFO'))).includes('cluster_known_nodes:1\r');
}

/** The node sees all slots served, and knows whose replica it is or has one. */
async function isHealthy(port: number): Promise<boolean> {
  return ask(port, async (client) => {
    const [cluster, replication] = await Promise.all([client.cluster('INFO'), client.info('replication')]);
    return cluster.includes('cluster_state:ok') && /master_link_status:up|connected_slaves:[1-9]/u.test(replication);
  });
}

function node(
  { folder, port }: Run,
  { server, env }: Installed,
  { name, cluster }: { readonly name: string; readonly cluster: readonly string[] },
): Launch {
  const data = subfolder(folder, 'data', name);
  return {
    name,
    kind: 'redis',
    command: server,
    args: [
      ...['--port', String(port(name)), '--bind', '127.0.0.1', '--dir', data],
      ...['--appendonly', 'yes', '--save', '', '--maxmemory', '256mb', '--maxmemory-policy', 'noeviction'],
      // A replica would wait 5 s for others that come for the same copy.
      ...['--repl-diskless-sync-delay', '0'],
      ...cluster,
    ],
    cwd: data,
    env,
    ready: { by: 'redis', port: port(name) },
  };
}

async function install(say: (text: string) => void): Promise<Installed> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  const version = /v=(\d+)\./u.exec((await tryProgram('redis-server', ['--version'])) ?? '')?.[1];
  // Version 7 brought --cluster-port and sharded pub/sub.
  if (Number(version) >= 7 && (await tryProgram('redis-cli', ['--version'])) !== undefined) {
    return { server: 'redis-server', cli: 'redis-cli', env };
  }
  const name = 'redis.debs.sha256';
  const sums = readFileSync(join(import.meta.dirname, 'lock', name), 'utf8');
  const folder = await cached({
    name: 'redis',
    from: [sums],
    fill: async (fresh) => {
      say('Redis: downloading by apt-get…');
      const lacking = 'this is no Debian: install Redis 7 or newer, or set REDIS_URLS';
      for (const note of await unpackDebs(fresh, { name, sums, lacking })) say(`Redis: ${note}`);
    },
  });
  const [library = ''] = globSync('usr/lib/*-linux-*', { cwd: folder });
  const server = join(folder, 'usr/bin/redis-server');
  if (!existsSync(server)) throw new Error(`Debian's redis-server has no ${server}.`);
  return {
    server,
    cli: join(folder, 'usr/bin/redis-cli'),
    env: { ...env, LD_LIBRARY_PATH: join(folder, library) },
  };
}
