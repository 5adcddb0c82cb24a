import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlClient } from './support/graphql.ts';
import { seeded, Workload } from './support/ledger.ts';
import { newProject } from './support/project.ts';
import { guaranteeFaults } from './support/settled.ts';
import { startStarter, temporaryFolder, type ProjectKeys, type Starter } from './support/starter.ts';

/** Overridable for longer runs: CRASH_KILLS=200 CRASH_SEED=7 npm run test:e2e */
const KILLS = Number(process.env.CRASH_KILLS ?? 20);
const SEED = Number(process.env.CRASH_SEED ?? 20_260_901);

describe(`kill -9 under load, ${String(KILLS)} times, seed ${String(SEED)}`, () => {
  const folder = temporaryFolder();
  let starter: Starter;
  let keys: ProjectKeys;

  beforeAll(async () => {
    starter = await startStarter({ DATA_DIR: folder.path, DEMO: '0', LOG_LEVEL: 'warn' });
    keys = await newProject(starter, 'crash');
  });

  afterAll(async () => {
    await starter.stop();
    folder.remove();
  });

  it(
    'loses and doubles nothing that was acknowledged; sessions equal a single pass',
    { timeout: 600_000 },
    async () => {
      const random = seeded(SEED);
      const load = new Workload({
        seed: SEED,
        senders: 4,
        usersPerSender: 20,
        batch: 20,
        url: () => starter.url,
        writeKey: keys.write,
        pauseMs: 20,
      });
      load.start();
      const env = starter.env;
      for (let kill = 0; kill < KILLS; kill++) {
        await sleep(200 + random() * 1800);
        await starter.kill();
        starter = await startStarter(env);
      }
      await sleep(1000);
      const fates = await load.stop();
      const faults = await guaranteeFaults(graphqlClient(starter.url, keys.token), fates);
      expect(faults.slice(0, 20)).toEqual([]);
      // Otherwise the run would have proved nothing.
      expect(fates.acknowledged.size).toBeGreaterThan(KILLS * 20);
      expect(fates.resends).toBeGreaterThan(0);
      expect(fates.refused.size).toBeGreaterThan(0);
    },
  );
});
