import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerFaults, seeded, Workload } from './ledger.ts';
import { rawEvents } from './raw-events.ts';
import { newScaleProject, type ScaleTier } from './scale.ts';
import { quiescence, sessionFaults } from './settled.ts';
import { shuffled, TIER_FAULTS } from './tier-faults.ts';

export interface RoundOptions {
  readonly seed: number;
  /** Acknowledged events, at least. */
  readonly events: number;
  readonly say: (text: string) => void;
}

/** What a round found. */
export interface RoundReport {
  readonly seed: number;
  readonly faults: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly ambiguous: number;
  readonly resends: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly unaccounted: number;
  /** Under load, faults included. */
  readonly seconds: number;
  /** From the end of the load until everything was stored and counted. */
  readonly drainSeconds: number;
  /** Promises that were broken, one sentence each. */
  readonly broken: readonly string[];
}

/** Every fault of the list once, in the seed's order, under load into a project of its own; then what was promised is looked at. */
export async function faultRound(tier: ScaleTier, { seed, events, say }: RoundOptions): Promise<RoundReport> {
  const random = seeded(seed);
  const project = await newScaleProject(tier, `Faults ${String(seed)}`);
  const load = new Workload({
    seed,
    senders: 8,
    usersPerSender: 50,
    batch: 50,
    url: () => tier.ingestion[random() < 0.5 ? 0 : 1] ?? '',
    writeKey: project.write,
    pauseMs: 150,
  });
  const began = performance.now();
  load.start();
  for (const fault of shuffled(TIER_FAULTS, random)) {
    await sleep(500 + random() * 2000);
    say(fault.name);
    await fault.run(tier.stack, 1000 + random() * 4000);
  }
  while (load.fates().acknowledged.size < events) await sleep(500);
  const fates = await load.stop();
  const ended = performance.now();
  const total = await quiescence(project.client, 300_000);
  const drained = performance.now();
  const stored = await rawEvents(tier.stack.settings.CLICKHOUSE_URLS ?? '', project.id);
  return {
    seed,
    faults: TIER_FAULTS.length,
    acknowledged: fates.acknowledged.size,
    refused: fates.refused.size,
    ambiguous: fates.ambiguous.size,
    resends: fates.resends,
    stored: total.stored,
    duplicate: total.duplicate,
    unaccounted: total.unaccounted,
    seconds: Math.round((ended - began) / 1000),
    drainSeconds: Math.round((drained - ended) / 1000),
    broken: [...ledgerFaults(fates, stored), ...(await sessionFaults(project.client, stored))],
  };
}
