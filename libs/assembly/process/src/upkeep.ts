import type { Component } from '@productgraph/kernel';
import { repeated } from '@productgraph/platform-runtime';
import type { Base } from './base.ts';

const HOUR_MS = 3_600_000;

/** Housekeeping of stores: at the start and every hour. */
export function upkeep({ clock, telemetry }: Base, run: (signal: AbortSignal) => Promise<unknown>): Component {
  return repeated({ name: 'upkeep', everyMs: HOUR_MS, run }, { clock, facts: telemetry.process });
}
