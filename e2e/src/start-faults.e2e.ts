import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '@productgraph/tools/postgres';
import { freePort, startRefused, temporaryFolder } from './support/starter.ts';

/** One clear sentence (or one per fault), no stack, no password, and exit code 1. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await startRefused({ DEMO: '0', LOG_LEVEL: 'error', ...env });
  const said = stdout + stderr;
  expect({ code, said }).toMatchObject({ code: 1 });
  expect(said).not.toMatch(/^\s+at /m);
  expect(said).not.toContain('very-secret');
  return said;
}

describe('a start that cannot be', () => {
  const folder = temporaryFolder();
  let postgres: TestPostgres;
  let occupied: Server;
  let port: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    port = String(await freePort());
    occupied = createServer().listen(Number(port), '127.0.0.1');
    await once(occupied, 'listening');
  });

  afterAll(async () => {
    occupied.close();
    await postgres.stop();
    folder.remove();
  });

  const at = (change: (url: URL) => void): string => {
    const url = new URL(postgres.url);
    change(url);
    return url.href;
  };

  it('lists every wrong setting at once', async () => {
    const said = await refusal({ PORT: 'abc', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://user:very-secret@host/db' });
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL']) expect(said).toContain(name);
  });

  it('says that nothing listens at DATABASE_URL', async () => {
    const closed = String(await freePort());
    const url = `postgres://someone:very-secret@127.0.0.1:${closed}/db`;
    expect(await refusal({ DATA_DIR: folder.path, DATABASE_URL: url })).toContain(closed);
  });

  it('says that the database does not exist', async () => {
    const url = at((it) => (it.pathname = '/nowhere'));
    expect(await refusal({ DATA_DIR: folder.path, DATABASE_URL: url })).toContain('nowhere');
  });

  it('says that the port is taken', async () => {
    const env = { DATA_DIR: folder.path, DATABASE_URL: postgres.url, PORT: port, HOST: '127.0.0.1' };
    expect(await refusal(env)).toContain(port);
  });
});
