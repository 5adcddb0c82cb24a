import type { SettlementProgress } from '@productgraph/domain-session';
import type { Clock, EventLog, StateStore } from '@productgraph/kernel';
import type { ProjectSettings } from '../project-settings.ts';
import type { SessionRowSink } from '../session-rows.ts';
import { DEFAULT_LATENESS_MS } from '../session-task.ts';
import type { SettlementTelemetry } from '../telemetry.ts';
import type { SettlementStore } from './settle-user.ts';

export interface SettlementDeps {
  readonly log: Pick<EventLog, 'topic' | 'watermarks'>;
  /** Positions of the session-processor's group. */
  readonly state: Pick<StateStore, 'position'>;
  readonly store: SettlementStore;
  readonly progress: SettlementProgress;
  readonly settings: ProjectSettings;
  readonly sink: SessionRowSink;
  readonly clock: Clock;
  readonly telemetry: SettlementTelemetry;
  readonly options?: SettlementOptions;
}

export interface SettlementOptions {
  /** Lateness bound in runner time, milliseconds; the same as the live fold's. Default 24 h. */
  readonly latenessMs?: number;
  /** Users settled at the same time. Default 4. */
  readonly concurrency?: number;
  /** How far around touched events a history is read, milliseconds. Default 31 days. */
  readonly maxReachMs?: number;
  /** Client sessions with more events than this are not read again. Default 1,000,000. */
  readonly maxClientEvents?: number;
}

const DAY = 86_400_000;

export const settlementDefaults = (options: SettlementOptions = {}): Required<SettlementOptions> => ({
  latenessMs: options.latenessMs ?? DEFAULT_LATENESS_MS,
  concurrency: options.concurrency ?? 4,
  maxReachMs: options.maxReachMs ?? 31 * DAY,
  maxClientEvents: options.maxClientEvents ?? 1_000_000,
});
