import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type TestPostgres } from '@productgraph/tools/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlClient } from './support/graphql.ts';
import { Workload } from './support/ledger.ts';
import { newProject } from './support/project.ts';
import { guaranteeFaults } from './support/settled.ts';
import { startStarter, temporaryFolder, waitFor, type ProjectKeys, type Starter } from './support/starter.ts';

describe('PostgreSQL goes away and comes back under load', () => {
  const folder = temporaryFolder();
  let postgres: TestPostgres;
  let starter: Starter;
  let keys: ProjectKeys;

  beforeAll(async () => {
    postgres = await startPostgres({ settings: { synchronous_commit: 'on', fsync: 'on' } });
    starter = await startStarter({ DATA_DIR: folder.path, DATABASE_URL: postgres.url, DEMO: '0', LOG_LEVEL: 'warn' });
    keys = await newProject(starter, 'restart');
  });

  afterAll(async () => {
    await starter.stop();
    await postgres.stop();
    folder.remove();
  });

  const send = async (): Promise<Response> =>
    fetch(`${starter.url}/v1/events`, {
      method: 'POST',
      headers: { 'x-pg-api-key': keys.write },
      body: '{"event.type":"page.view","user.id":"probe"}',
    });

  it('answers 503 with Retry-After while it is away, then goes on by itself; nothing acknowledged is lost', async () => {
    const load = new Workload({
      seed: 11,
      senders: 2,
      usersPerSender: 10,
      batch: 10,
      url: () => starter.url,
      writeKey: keys.write,
      pauseMs: 20,
    });
    expect((await send()).status).toBe(202);
    load.start();
    await sleep(1500);
    for (const how of ['SIGINT', 'SIGKILL'] as const) {
      await postgres.down(how);
      await waitFor(async () => (await send()).status === 503, 20_000, '503');
      const refused = await send();
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ error: { code: 'unavailable' } });
      expect((await fetch(`${starter.url}/ready`)).status).toBe(503);
      expect((await fetch(`${starter.url}/health`)).status).toBe(200);
      await postgres.up();
      await waitFor(async () => (await send()).status === 202, 30_000, '202 again');
      await waitFor(async () => (await fetch(`${starter.url}/ready`)).status === 200, 30_000, 'ready again');
      await sleep(1000);
    }
    const fates = await load.stop();
    const faults = await guaranteeFaults(graphqlClient(starter.url, keys.token), fates);
    // The probes are no part of the workload.
    expect(faults.filter((fault) => !fault.startsWith('stored but never sent')).slice(0, 20)).toEqual([]);
    expect(fates.acknowledged.size).toBeGreaterThan(100);
  });

  it('a SIGTERM under load answers everything it took, and ends with 0', async () => {
    const load = new Workload({
      seed: 12,
      senders: 2,
      usersPerSender: 10,
      batch: 10,
      url: () => starter.url,
      writeKey: keys.write,
      pauseMs: 10,
    });
    load.start();
    await sleep(1500);
    const env = starter.env;
    expect(await starter.stop()).toBe(0);
    starter = await startStarter(env);
    await sleep(500);
    const fates = await load.stop();
    expect(fates.cutOff).toBe(0);
    const faults = await guaranteeFaults(graphqlClient(starter.url, keys.token), fates);
    expect(faults.filter((fault) => !fault.startsWith('stored but never sent')).slice(0, 20)).toEqual([]);
  });
});
