import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres, type TestPostgres } from '@productgraph/tools/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOldPostgres, startOldPostgres } from './support/old-postgres.ts';
import { execute } from './support/sql.ts';
import { freePort, startRefused, temporaryFolder, type Finished } from './support/starter.ts';

/*
 * A start that cannot succeed ends with exit code 1 and one clear sentence that says what to do: never a stack, never a password.
 */

const PASSWORD = 'correct-horse-battery';
const asRoot = process.getuid?.() === 0;
const folder = temporaryFolder();
afterAll(() => folder.remove());

const quiet = { DEMO: '0', LOG_LEVEL: 'error', HOST: '127.0.0.1' };

/** Nothing that only a programmer understands, and nothing secret. */
function expectForPeople({ code, stdout, stderr }: Finished): void {
  const output = stdout + stderr;
  expect([code, output]).toEqual([1, expect.any(String)]);
  expect(output).not.toContain(PASSWORD);
  expect(output).not.toMatch(/\n\s+at |node:internal|\.ts:\d+|\bError:|undefined|\[object/);
}

/** The one sentence of a start that was refused. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const finished = await startRefused({
    PORT: String(await freePort()),
    ...quiet,
    DATA_DIR: join(folder.path, 'unused'),
    ...env,
  });
  expectForPeople(finished);
  expect(finished.stderr).toMatch(/^[^\n]+\n$/);
  return finished.stderr.trim();
}

describe('a DATABASE_URL that does not work:', () => {
  let postgres: TestPostgres;
  let place: string;

  const url = (
    changes: Partial<Record<'username' | 'pathname' | 'hostname' | 'port', string>>,
  ): { DATABASE_URL: string } => {
    const changed = Object.assign(new URL(postgres.url), changes);
    changed.password = PASSWORD;
    return { DATABASE_URL: changed.href };
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    place = new URL(postgres.url).host;
    await execute(
      postgres.url,
      `CREATE ROLE stranger LOGIN PASSWORD 'another'`,
      `CREATE ROLE plain LOGIN PASSWORD '${PASSWORD}'`,
      `CREATE ROLE maker LOGIN CREATEROLE PASSWORD '${PASSWORD}'`,
      `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`,
      'CREATE DATABASE replica',
      'ALTER DATABASE replica SET default_transaction_read_only = on',
    );
    const rules = ['host all postgres 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256', ''];
    writeFileSync(join(postgres.folder, 'data/pg_hba.conf'), rules.join('\n'));
    await execute(postgres.url, 'SELECT pg_reload_conf()');
  });
  afterAll(() => postgres.stop());

  it('a host that does not exist', async () => {
    const sentence = await refusal(url({ hostname: 'no-such-host.invalid' }));
    expect(sentence).toMatch(/^The host of no-such-host\.invalid:\d+ (?:does not exist|could not be looked up): .*\.$/);
  });

  it('a port where nothing listens', async () => {
    const port = String(await freePort());
    expect(await refusal(url({ port }))).toBe(
      `No PostgreSQL listens at 127.0.0.1:${port}: start it or correct host and port in DATABASE_URL.`,
    );
  });

  it('a port where something else listens', async () => {
    const other = createServer((socket) => socket.end('220 ready\r\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await refusal(url({ port: String(port) }))).toMatch(/^PostgreSQL at 127\.0\.0\.1:\d+ cannot be used \(.+\)/);
    other.close();
  });

  it('a wrong password', async () => {
    expect(await refusal(url({ username: 'stranger' }))).toBe(
      `PostgreSQL at ${place} refused the password of user stranger: correct it in DATABASE_URL.`,
    );
  });

  it('no password', async () => {
    expect(await refusal({ DATABASE_URL: `postgres://stranger@${place}/postgres` })).toBe(
      `PostgreSQL at ${place} asks for a password and DATABASE_URL has none.`,
    );
  });

  it('a database that does not exist', async () => {
    expect(await refusal(url({ pathname: '/absent' }))).toBe(
      `There is no database absent at ${place}: create it or correct DATABASE_URL.`,
    );
  });

  it('a login that may not make roles', async () => {
    const sentence = await refusal(url({ username: 'plain' }));
    expect(sentence).toMatch(
      /^User plain may not make the roles .*: run ALTER ROLE plain CREATEROLE as administrator\.$/,
    );
    for (const role of ['owner', 'app', 'writer']) expect(sentence).toContain(`productgraph_${role}`);
  });

  it('a login that may not create tables', async () => {
    expect(await refusal(url({ username: 'maker' }))).toBe(
      'User maker may not create tables in database postgres: run ALTER DATABASE postgres OWNER TO maker as administrator.',
    );
  });

  it('an encoding that cannot hold every text', async () => {
    expect(await refusal(url({ pathname: '/latin' }))).toMatch(
      /^Database latin has the encoding LATIN1 and must have UTF8/,
    );
  });

  it('a server that only takes reads', async () => {
    expect(await refusal(url({ pathname: '/replica' }))).toMatch(/^Database replica only takes reads: /);
  });

  it('the HTTP port in use', async () => {
    const squatter: Server = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    await execute(postgres.url, 'CREATE DATABASE squatted');
    const sentence = await refusal({ ...url({ pathname: '/squatted' }), PORT: String(port) });
    expect(sentence).toBe(`Port ${String(port)} is in use by another program: stop that or set PORT to another one.`);
    const DATA_DIR = join(folder.path, 'never-made');
    expect(await refusal({ DATA_DIR, PORT: String(port) })).toBe(sentence);
    expect(existsSync(DATA_DIR)).toBe(false);
    squatter.close();
  });
});

describe('a PostgreSQL that is too old', () => {
  const found = findOldPostgres();
  if ('missing' in found) it('is not tried here', ({ skip }) => skip(found.missing));
  else {
    it('is named with its version', async () => {
      const old = await startOldPostgres(found);
      const sentence = await refusal({ DATABASE_URL: old.url }).finally(() => old.stop());
      expect(sentence).toMatch(/^The server is PostgreSQL 15\.\d+.* and ProductGraph needs 16 or newer\.$/);
    });
  }
});

describe('a DATA_DIR that does not work:', () => {
  it('is a file', async () => {
    const path = join(folder.path, 'file');
    writeFileSync(path, '');
    expect(await refusal({ DATA_DIR: path })).toBe(`The data folder ${path} is a file: choose another DATA_DIR.`);
  });

  it('lies below a file', async () => {
    const path = join(folder.path, 'another-file');
    writeFileSync(path, '');
    expect(await refusal({ DATA_DIR: join(path, 'data') })).toBe(
      `The data folder ${path}/data cannot be made, because ${path} is a file: choose another DATA_DIR.`,
    );
  });

  it.each(['/proc', '/proc/data', '/proc/some/data'])('is in a place that keeps no files: %s', async (path) => {
    const rights = statSync('/proc').mode;
    expect(await refusal({ DATA_DIR: path })).toMatch(
      new RegExp(
        `^The data folder ${path} (?:is in a place that keeps no files|may not be written to by user id \\d+): `,
      ),
    );
    expect(statSync('/proc').mode).toBe(rights);
  });

  it('is in a place that keeps no files although the database is elsewhere', async () => {
    const postgres = await startPostgres();
    const sentence = await refusal({ DATA_DIR: '/proc/some/data', DATABASE_URL: postgres.url }).finally(() =>
      postgres.stop(),
    );
    expect(sentence).toMatch(/^The data folder \/proc\/some\/data is in a place that keeps no files: /);
  });

  it('may not be written to', async () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(closed);
    if (asRoot) chownSync(closed, 0, 0);
    chmodSync(closed, asRoot ? 0o700 : 0o500);
    expect(await refusal({ DATA_DIR: join(closed, 'data') })).toMatch(
      asRoot
        ? new RegExp(`own user \\(id \\d+\\) may not enter ${closed}: choose a DATA_DIR outside it`)
        : /data may not be written to by user id \d+: allow it or choose another DATA_DIR\.$/,
    );
  });
});

/** A small file system of its own, or why there is none. */
function mounted(name: string, options: string): string | { readonly missing: string } {
  if (!asRoot) return { missing: 'mounting a small disk needs root' };
  const path = join(folder.path, name);
  mkdirSync(path);
  const { status, stderr } = spawnSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], {
    encoding: 'utf8',
  });
  return status === 0 ? path : { missing: `mount: ${stderr.trim()}` };
}

function unmount(path: string): void {
  spawnSync('/usr/bin/umount', ['-l', path]);
}

describe('a disk that', () => {
  it.for([
    ['is full at once', '64k'],
    ['fills up while the database is made', '12m'],
  ] as const)('%s', async ([, size], { skip }) => {
    const path = mounted(`disk-${size}`, `size=${size},mode=755`);
    if (typeof path !== 'string') return skip(path.missing);
    try {
      expect(await refusal({ DATA_DIR: join(path, 'data') })).toMatch(/full: free some space and start again\.$/);
    } finally {
      unmount(path);
    }
  });

  it('takes only reads', async ({ skip }) => {
    const path = mounted('read-only', 'size=1m,mode=755,ro');
    if (typeof path !== 'string') return skip(path.missing);
    try {
      for (const folder of [path, join(path, 'data')]) {
        expect(await refusal({ DATA_DIR: folder })).toBe(
          `The data folder ${folder} is on a read-only disk: choose another DATA_DIR.`,
        );
      }
    } finally {
      unmount(path);
    }
  });
});

describe('settings that are wrong', () => {
  const wrong = {
    PORT: 'abc',
    LOG_LEVEL: 'loud',
    DEMO: 'perhaps',
    LOG_PARTITIONS: '0',
    DATABASE_URL: `mysql://someone:${PASSWORD}@localhost/x`,
  };

  it('are named all at once, each with what is allowed, secrets masked', async () => {
    const finished = await startRefused(wrong);
    expectForPeople(finished);
    const [head, ...faults] = finished.stderr.trimEnd().split('\n');
    expect(head).toBe('5 settings are wrong:');
    for (const name of Object.keys(wrong)) expect(faults.filter((line) => line.includes(name))).toHaveLength(1);
    expect(finished.stderr).toMatch(/PORT.*abc.*65[,_]?535/);
    expect(finished.stderr).toMatch(/LOG_LEVEL.*loud.*fatal.*silent/);
  });

  it('that are only one', async () => {
    const finished = await startRefused({ PORT: '70000' });
    expectForPeople(finished);
    expect(finished.stderr).toMatch(/^One setting is wrong:\n {2}PORT.*70000/);
  });
});

describe('--check-config', () => {
  const check = (env: Readonly<Record<string, string>>): Finished => {
    const main = fileURLToPath(new URL('../../dist/starter/main.js', import.meta.url));
    const { PATH = '' } = process.env;
    const options = { encoding: 'utf8', timeout: 60_000, env: { PATH, ...env } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--check-config'], options);
    return { code: status, stdout, stderr };
  };

  it('says yes without starting anything', () => {
    expect(
      check({ PORT: '8080', DATA_DIR: '/nowhere/at/all', DATABASE_URL: `postgres://a:${PASSWORD}@nowhere.invalid/x` }),
    ).toEqual({
      code: 0,
      stdout: 'The configuration is valid.\n',
      stderr: '',
    });
  });

  it('says no as a start would', () => {
    const finished = check({ PORT: 'abc', LOG_FORMAT: 'xml', DATABASE_URL: `mysql://a:${PASSWORD}@b/c` });
    expectForPeople(finished);
    expect(finished.stderr).toMatch(/^3 settings are wrong:\n/);
  });
});
