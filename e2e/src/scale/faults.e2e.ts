import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded, Workload } from '../support/ledger.ts';
import { rawEvents } from '../support/raw-events.ts';
import { newScaleProject, startScale, type ScaleProject, type ScaleTier } from '../support/scale.ts';
import { quiescence, sessionFaults } from '../support/settled.ts';
import { ledgerFaults } from '../support/ledger.ts';
import { shuffled, TIER_FAULTS } from '../support/tier-faults.ts';

/** Overridable: TIER_SEED=7 TIER_EVENTS=1000000 TIER_ROUNDS=10 npx vitest run --config vitest.e2e.config.ts e2e/src/scale/faults.e2e.ts */
const SEED = Number(process.env.TIER_SEED ?? 20_261_201);
const EVENTS = Number(process.env.TIER_EVENTS ?? 200_000);
const ROUNDS = Number(process.env.TIER_ROUNDS ?? 1);

describe(`${String(TIER_FAULTS.length * ROUNDS)} faults under load, seed ${String(SEED)}`, () => {
  let tier: ScaleTier;
  let project: ScaleProject;

  beforeAll(async () => {
    tier = await startScale('faults');
    project = await newScaleProject(tier, 'Faults');
  });
  afterAll(() => tier.stop());

  it(
    'nothing acknowledged is lost or doubled; sessions equal a single pass; the backlog drains',
    { timeout: 3_600_000 },
    async () => {
      const random = seeded(SEED);
      const load = new Workload({
        seed: SEED,
        senders: 8,
        usersPerSender: 50,
        batch: 50,
        url: () => tier.ingestion[random() < 0.5 ? 0 : 1] ?? '',
        writeKey: project.write,
        pauseMs: 150,
      });
      load.start();
      for (let round = 0; round < ROUNDS; round++) {
        for (const fault of shuffled(TIER_FAULTS, random)) {
          await sleep(500 + random() * 2000);
          console.error(`${new Date().toISOString()} ${fault.name}`);
          await fault.run(tier.stack, 1000 + random() * 4000);
        }
      }
      while (load.fates().acknowledged.size < EVENTS) await sleep(500);
      const fates = await load.stop();
      const total = await quiescence(project.client, 300_000);
      const stored = await rawEvents(tier.stack.settings.CLICKHOUSE_URLS ?? '', project.id);
      const faults = [...ledgerFaults(fates, stored), ...(await sessionFaults(project.client, stored))];
      expect(faults.slice(0, 20)).toEqual([]);
      expect(total.unaccounted).toBe(0);
      // Otherwise the run would have proved nothing.
      expect(fates.acknowledged.size).toBeGreaterThanOrEqual(EVENTS);
      expect(fates.resends).toBeGreaterThan(0);
      console.error(
        `${String(fates.acknowledged.size)} acknowledged, ${String(fates.resends)} resends, ${String(fates.ambiguous.size)} ambiguous, ledger ${JSON.stringify(total)}`,
      );
    },
  );
});
