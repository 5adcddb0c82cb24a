import { ledgerMinute, unaccounted } from '@productgraph/domain-ledger';
import type { Component } from '@productgraph/kernel';
import { repeated } from '@productgraph/platform-runtime';
import type { Base } from './base.ts';
import type { GroupHealth } from './groups.ts';

const METERS_MS = 10_000;
const DAY_MINUTES = 24 * 60;

/** Sums over all tenants since a Unix minute. */
export type LedgerSums = (fromMinute: number) => Promise<{
  readonly accepted: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly quarantinedLater: number;
  readonly erased: number;
}>;

/** Lag and faults of a process's groups into metrics, every 10 seconds. */
export function groupMeters({ clock, telemetry }: Base, groups: () => readonly GroupHealth[]): Component {
  const run = async (): Promise<void> => {
    for (const group of groups()) {
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
  };
  return repeated({ name: 'meters', everyMs: METERS_MS, run }, { clock, facts: telemetry.process });
}

/** Events of the last day that the ledger does not account for into metrics, every 10 seconds. */
export function ledgerMeter({ clock, telemetry }: Base, ledgerSums: () => LedgerSums): Component {
  const run = async (): Promise<void> => {
    const sums = await ledgerSums()(ledgerMinute(clock.now()) - DAY_MINUTES);
    telemetry.process.ledgerRead({ unaccounted: unaccounted(sums) });
  };
  return repeated({ name: 'ledger meter', everyMs: METERS_MS, run }, { clock, facts: telemetry.process });
}
