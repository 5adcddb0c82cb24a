import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultRound } from '../support/fault-round.ts';
import { startScale, type ScaleTier } from '../support/scale.ts';
import { TIER_FAULTS } from '../support/tier-faults.ts';

/** Overridable: TIER_SEED=7 TIER_EVENTS=1000000 npx vitest run --config vitest.e2e.config.ts e2e/src/scale/faults.e2e.ts; many rounds: npm run prove */
const SEED = Number(process.env.TIER_SEED ?? 20_261_201);
const EVENTS = Number(process.env.TIER_EVENTS ?? 200_000);

describe(`${String(TIER_FAULTS.length)} faults under load, seed ${String(SEED)}`, () => {
  let tier: ScaleTier;
  beforeAll(async () => void (tier = await startScale('faults')));
  afterAll(() => tier.stop());

  it(
    'nothing acknowledged is lost or doubled; sessions equal a single pass; the backlog drains',
    { timeout: 3_600_000 },
    async () => {
      const report = await faultRound(tier, { seed: SEED, events: EVENTS, say: (text) => console.error(text) });
      console.error(JSON.stringify(report));
      expect(report.broken.slice(0, 20)).toEqual([]);
      expect(report.unaccounted).toBe(0);
      // Otherwise the run would have proved nothing.
      expect(report.acknowledged).toBeGreaterThanOrEqual(EVENTS);
      expect(report.faults).toBeGreaterThanOrEqual(20);
      expect(report.resends).toBeGreaterThan(0);
    },
  );
});
