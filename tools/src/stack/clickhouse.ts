import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { CLUSTER, PASSWORD, serverConfig, USER, usersConfig, type ShardPorts } from './clickhouse-config.ts';
import { runProgram } from './programs.ts';
import { subfolder, type ServerKind } from './run.ts';

const locks = join(import.meta.dirname, 'lock');

/** Programs of ClickHouse in the cache. */
interface Installed {
  readonly library: string;
  readonly host: string;
}

const names = (shards: number): string[] => Array.from({ length: shards }, (_, at) => `clickhouse-${at + 1}`);

/** ClickHouse servers, each one shard of the cluster `productgraph`. No Keeper: no replicated tables, no `ON CLUSTER`. */
export const clickhouse: ServerKind<{ readonly shards: number }> = {
  ports: ({ shards }) => names(shards).flatMap((name) => [name, `${name}-native`]),
  install,
  start: async ({ folder, port, launch, say }, { shards }) => {
    const installed = await install(say);
    const ports = names(shards).map((name) => ({ http: port(name), native: port(`${name}-native`) }));
    await Promise.all(
      ports.map(async (own, at) => {
        const name = `clickhouse-${at + 1}`;
        const data = subfolder(folder, 'data', name);
        const config = subfolder(folder, 'config', name);
        const usersFile = join(config, 'users.xml');
        const configFile = join(config, 'config.xml');
        writeFileSync(usersFile, usersConfig());
        writeFileSync(configFile, serverConfig({ shard: at + 1, ports, usersFile }));
        await launch({
          name,
          kind: 'clickhouse',
          command: installed.host,
          args: [installed.library, ...serverArguments({ configFile, data, ...own })],
          cwd: data,
          env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
          ready: { by: 'http', url: `http://127.0.0.1:${own.http}/ping` },
        });
      }),
    );
    return {
      CLICKHOUSE_URLS: ports.map(({ http }) => `http://${USER}:${PASSWORD}@127.0.0.1:${http}`).join(','),
      CLICKHOUSE_CLUSTER: CLUSTER,
    };
  },
};

/** The library's entry is clickhouse-local: two statements open the ports, the third waits for the end of its input. */
function serverArguments(server: ShardPorts & { readonly configFile: string; readonly data: string }): string[] {
  return [
    `--config-file=${server.configFile}`,
    `--path=${server.data}`,
    '--log-level=information',
    '--listen_host=127.0.0.1',
    `--http_port=${server.http}`,
    `--tcp_port=${server.native}`,
    '--query',
    "SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT count() FROM file('/dev/stdin', 'LineAsString')",
  ];
}

async function install(say: (text: string) => void): Promise<Installed> {
  const lock = readFileSync(join(locks, 'clickhouse.package-lock.json'), 'utf8');
  const name = npmPackage(lock);
  const library = await cached({
    name: 'clickhouse',
    from: [lock],
    fill: async (folder) => {
      say('ClickHouse: downloading by npm (180 MB)…');
      await npmInstall(folder, lock);
      // Of the package only the library is needed; the rest is the binding for Node.
      renameSync(join(folder, 'node_modules', name, 'libchdb.so'), join(folder, 'libchdb.so'));
      rmSync(join(folder, 'node_modules'), { recursive: true });
    },
  });
  const source = readFileSync(join(locks, 'clickhouse-host.c'), 'utf8');
  const host = await cached({
    name: 'clickhouse-host',
    from: [source, process.arch],
    fill: async (folder) => {
      cpSync(join(locks, 'clickhouse-host.c'), join(folder, 'clickhouse-host.c'));
      const args = ['-O1', '-Wall', '-o', 'clickhouse-host', 'clickhouse-host.c', '-ldl', '-lpthread'];
      await runProgram('cc', args, { cwd: folder, from: 'a C compiler: Debian gcc and libc6-dev' });
    },
  });
  return { library: join(library, 'libchdb.so'), host: join(host, 'clickhouse-host') };
}

interface NpmLock {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
}

/** The one package of the lock. @throws on machines that it is not for */
function npmPackage(lock: string): string {
  const [name = ''] = Object.keys((JSON.parse(lock) as NpmLock).packages['']?.dependencies ?? {});
  if (name.includes(`${process.platform}-${process.arch}`)) return name;
  throw new Error(
    `${name} is not for ${process.platform}-${process.arch}: set CLICKHOUSE_URLS to servers of your own.`,
  );
}

/** `npm ci` with the committed lock checks the package against its integrity. */
async function npmInstall(folder: string, lock: string): Promise<void> {
  const { packages } = JSON.parse(lock) as NpmLock;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'clickhouse', ...packages[''] }));
  writeFileSync(join(folder, 'package-lock.json'), lock);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const npm = process.env.npm_execpath;
  const [command, first] = npm !== undefined && existsSync(npm) ? [process.execPath, [npm]] : ['npm', []];
  await runProgram(command, [...first, ...args], { cwd: folder, from: 'npm comes with Node' });
}
