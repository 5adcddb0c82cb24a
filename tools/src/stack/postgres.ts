import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { initdb, ownedFolder, reachableBinaries, unprivileged, type Identity } from '../postgres-programs.ts';
import { copyCluster, giveTo } from './postgres-copy.ts';
import { query, until } from './ready.ts';
import { subfolder, type Run, type ServerKind } from './run.ts';

const PRIMARY = 'postgres';
const REPLICA = 'postgres-replica';
const SLOT = 'replica';

/** Where PostgreSQL's programs are and who runs them. */
interface Programs {
  readonly native: string;
  readonly user: Identity;
  readonly env: Readonly<Record<string, string>>;
}

/** PostgreSQL: a primary, and a replica that streams from it. */
export const postgres: ServerKind<{ readonly replica: boolean }> = {
  ports: ({ replica }) => (replica ? [PRIMARY, REPLICA] : [PRIMARY]),
  // npm has brought its programs with everything else.
  install: async () => undefined,
  start: async (run, { replica }) => {
    const user = unprivileged();
    const native = reachableBinaries(run.folder, user);
    const env = { PATH: process.env.PATH ?? '', LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C' };
    const programs = { native, user, env };
    const primaryUrl = await startPrimary(run, programs);
    if (!replica) return { DATABASE_URL: primaryUrl };
    return { DATABASE_URL: primaryUrl, DATABASE_REPLICA_URL: await startReplica(run, programs, primaryUrl) };
  },
};

const urlOf = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;

async function startPrimary(run: Run, programs: Programs): Promise<string> {
  const data = join(subfolder(run.folder, 'data'), PRIMARY);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    // What is left of an initdb that did not come to its end.
    rmSync(data, { recursive: true, force: true });
    ownedFolder(data, programs.user);
    initdb(programs.native, data, { env: programs.env, cwd: run.folder, ...programs.user });
  }
  await serve(run, programs, { name: PRIMARY, more: {} });
  return urlOf(run.port(PRIMARY));
}

async function startReplica(run: Run, programs: Programs, primaryUrl: string): Promise<string> {
  const data = join(subfolder(run.folder, 'data'), REPLICA);
  const source = join(run.folder, 'data', PRIMARY);
  // Written last: without it the copy is not whole.
  if (!existsSync(join(data, 'standby.signal'))) {
    rmSync(data, { recursive: true, force: true });
    ownedFolder(data, programs.user);
    await baseCopy({ primaryUrl, source, data });
    giveTo(data, programs.user);
  }
  const primary = `host=127.0.0.1 port=${run.port(PRIMARY)} user=postgres application_name=${REPLICA}`;
  await serve(run, programs, { name: REPLICA, more: { primary_conninfo: primary, primary_slot_name: SLOT } });
  const streams = `SELECT FROM pg_stat_replication WHERE application_name = '${REPLICA}' AND state = 'streaming'`;
  await until('streaming to the replica', async () => (await query(primaryUrl, streams)).length > 0);
  return urlOf(run.port(REPLICA));
}

interface BaseCopy {
  readonly primaryUrl: string;
  readonly source: string;
  readonly data: string;
}

/** Copies the files of the running primary between pg_backup_start and pg_backup_stop, which must be of one connection. */
async function baseCopy({ primaryUrl, source, data }: BaseCopy): Promise<void> {
  const client = new Client({ connectionString: primaryUrl });
  await client.connect();
  try {
    // The slot keeps the log from here on until the replica has it.
    await client.query(
      `SELECT pg_create_physical_replication_slot($1, true)
       WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)`,
      [SLOT],
    );
    await client.query(`SELECT pg_backup_start('replica', true)`);
    copyCluster(source, data);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
    );
    writeFileSync(join(data, 'backup_label'), rows[0]?.labelfile ?? '');
    writeFileSync(join(data, 'standby.signal'), '');
  } finally {
    await client.end();
  }
}

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  wal_level: 'replica',
  max_wal_senders: '4',
  max_replication_slots: '4',
  // What a replica that never comes back may make the primary keep.
  max_slot_wal_keep_size: '1GB',
  hot_standby: 'on',
  // The default is 5 s, by which a replica would be late after each fault.
  wal_retrieve_retry_interval: '500ms',
  timezone: 'UTC',
};

/** A crash can leave backends for a moment, whose shared memory keeps the next start from succeeding: some tries. */
async function serve(
  run: Run,
  programs: Programs,
  { name, more }: { readonly name: string; readonly more: Readonly<Record<string, string>> },
): Promise<void> {
  const data = join(run.folder, 'data', name);
  chmodSync(data, 0o700);
  const flags = Object.entries({ ...settings, ...more }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  await run.launch({
    name,
    kind: 'postgres',
    command: join(programs.native, 'bin/postgres'),
    args: ['-D', data, '-p', String(run.port(name)), ...flags],
    cwd: run.folder,
    env: programs.env,
    user: programs.user,
    stopSignal: 'SIGINT',
    tries: 10,
    ready: { by: 'postgres', url: urlOf(run.port(name)) },
  });
}
