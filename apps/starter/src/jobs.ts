import { ledgerMinute } from '@productgraph/domain-ledger';
import type { Component } from '@productgraph/kernel';
import { repeated } from '@productgraph/platform-runtime';
import type { Base, Group, Ports } from './ports.ts';

const HOUR_MS = 3_600_000;
const METERS_MS = 10_000;
const DAY_MINUTES = 24 * 60;

/** Months ahead, retention, repeated ids, bounds of quarantine, ledger days: at the start and every hour. */
export function upkeepJob({ clock, telemetry }: Base, ports: () => Ports): Component {
  const job = { name: 'upkeep', everyMs: HOUR_MS, run: (signal: AbortSignal) => ports().upkeep.run(signal) };
  return repeated(job, { clock, facts: telemetry.process });
}

/** Lag and ledger into metrics, every 10 seconds. */
export function meterJob(
  { clock, telemetry }: Base,
  parts: () => { groups: readonly Group[]; ports: Ports },
): Component {
  const run = async (): Promise<void> => {
    const { groups, ports } = parts();
    for (const group of groups) {
      telemetry.runner.lagRead(await group.lag());
      for (const { partition, error } of group.faults()) {
        telemetry.runner.partitionFaulted({
          group: group.name,
          topic: partition.topic,
          partition: partition.partition,
          error,
        });
      }
    }
    const sums = await ports.ledgerSums(ledgerMinute(clock.now()) - DAY_MINUTES);
    const unaccounted = sums.accepted - sums.stored - sums.duplicate - sums.quarantinedLater - sums.erased;
    telemetry.process.ledgerRead({ unaccounted });
  };
  return repeated({ name: 'meters', everyMs: METERS_MS, run }, { clock, facts: telemetry.process });
}
