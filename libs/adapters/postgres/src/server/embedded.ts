import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { Client } from 'pg';
import { findBinaries } from './binaries.ts';
import { EmbeddedPostgresError } from './faults.ts';
import { letPass, makeDataFolder } from './folder.ts';
import { freePort } from './free-port.ts';
import { blockedAt, serverIdentity, type Identity } from './identity.ts';
import { initialise, SUPERUSER, type DataFolder } from './initdb.ts';
import { claimFolder, endOrphan } from './ownership.ts';
import { runServer, type RunningServer } from './server-process.ts';
import { asArguments, serverSettings } from './settings.ts';

export interface EmbeddedPostgresOptions {
  /** Folder of our own for data, password and (where needed) a copy of the programs; made when absent. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; by default any free one. */
  readonly port?: number;
  /** Memory of the machine or container, bytes: buffers are sized from it. */
  readonly memoryBytes: number;
  /** Lines of the server's own log (warnings and worse), and what we do with it. */
  readonly onLog: (line: string) => void;
  /** Overrides single server settings. For tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `productgraph`; holds the password. */
  readonly url: string;
  readonly port: number;
  /** Process id of the running server. */
  pid(): number;
  /** Fast shutdown: open transactions roll back, everything committed is on disk. Idempotent. */
  stop(): Promise<void>;
}

const LOGIN = 'productgraph';

/**
 * The data folder to use when nobody chose one: `<root>/data`, or, when we are root and the server's unprivileged user
 * cannot enter that (a checkout below root's 0700 home), a folder of this checkout's own below /var/lib/productgraph.
 */
export function defaultDataDir(root: string): string {
  const inside = join(resolve(root), 'data');
  if (blockedAt(resolve(root), serverIdentity(join(inside, 'pgdata'))) === null) return inside;
  const hash = createHash('sha256').update(resolve(root)).digest('hex').slice(0, 8);
  return join('/var/lib/productgraph', `${basename(resolve(root))}-${hash}`);
}

/**
 * Runs PostgreSQL from the npm package's programs: initdb on first use, then a server on 127.0.0.1 that belongs to this
 * process. A server left behind by a killed process is ended first; one that dies is started again on the same port.
 * @throws EmbeddedPostgresError with one sentence for people
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.dataDir);
  const data = join(folder, 'pgdata');
  const identity = serverIdentity(data);
  prepareFolder(folder, identity);
  const release = claimFolder(folder);
  try {
    const target = { folder, data, identity, binaries: findBinaries(folder, identity) };
    await endOrphan(data, options.onLog);
    const password = initialise(target, options.onLog);
    const server = await startOnPort(target, options);
    await ensureDatabase(server, password);
    return {
      url: urlOf(LOGIN, password, server.port),
      port: server.port,
      pid: () => server.pid(),
      stop: async () => {
        await server.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function prepareFolder(folder: string, identity: Identity): void {
  const blocked = blockedAt(dirname(folder), identity);
  if (blocked !== null) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and its own user (id ${identity.uid ?? ''}) may not enter ${blocked}: choose a DATA_DIR outside it, such as /var/lib/productgraph.`,
    );
  }
  makeDataFolder(folder);
  // The server's user must pass through to its own folder below.
  if (identity.uid !== undefined) letPass(folder);
}

async function startOnPort(target: DataFolder, options: EmbeddedPostgresOptions): Promise<RunningServer> {
  const { binaries, data, identity, folder } = target;
  const settings = asArguments({ ...serverSettings(options.memoryBytes), ...options.settings });
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const args = ['-D', data, '-p', String(port), ...settings];
    const program = { program: binaries.postgres, args, libraries: binaries.libraries, data, identity };
    try {
      return await runServer({ ...program, port, folder, onLog: options.onLog });
    } catch (error) {
      // A free port may be taken between looking and binding.
      if (options.port !== undefined || attempt >= 3) throw error;
    }
  }
}

function urlOf(user: string, password: string, port: number): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${user}`;
}

async function ensureDatabase(server: RunningServer, password: string): Promise<void> {
  try {
    await makeDatabase(urlOf(SUPERUSER, password, server.port), password);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The product's login is not a superuser: it owns its database and may make roles, as on any managed PostgreSQL. */
async function makeDatabase(superuserUrl: string, password: string): Promise<void> {
  const client = new Client(superuserUrl);
  await client.connect();
  try {
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [LOGIN]);
    if (roles.rowCount === 0) {
      await client.query(`CREATE ROLE ${LOGIN} LOGIN CREATEROLE PASSWORD ${client.escapeLiteral(password)}`);
    }
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [LOGIN]);
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${LOGIN} OWNER ${LOGIN}`);
  } finally {
    await client.end();
  }
}
