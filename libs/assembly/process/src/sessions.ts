import type { EventDecoder } from '@productgraph/domain-event';
import type { SettlementProgress } from '@productgraph/domain-session';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { EventLog, PartitionRef, StateStore } from '@productgraph/kernel';
import {
  createProjectSettings,
  createSessionRowSink,
  createSessionTask,
  createSettlementLoop,
  SESSION_GROUP,
  SESSION_TOPICS,
  trackAssignments,
  type SettlementStore,
} from '@productgraph/processor-session';
import type { Base } from './base.ts';
import { runnerOf, type Consumer } from './groups.ts';

const HOUR_MS = 3_600_000;

/** What sessions and their settlement share. */
export interface SessionNeeds {
  readonly log: EventLog;
  readonly state: StateStore;
  readonly settlement: SettlementProgress;
  readonly projects: ProjectDirectory;
  readonly latenessHours: number;
  /** Name of this process in the records it writes. */
  readonly producer: string;
}

export interface SessionWork {
  readonly decode: EventDecoder;
  /** See {@link Consumer.gatherMs}. */
  readonly gatherMs: number;
  /** States of users kept parsed per partition, about 2 KB each; others are read back, all of a batch in one step. */
  readonly cachedStates: number;
}

/** The session-processor, whose partitions settlement shares. */
export interface SessionConsumer extends Consumer {
  assignments(): readonly PartitionRef[];
}

/** Log → sessions → log. */
export function sessionProcessor(base: Base, needs: SessionNeeds & SessionWork): SessionConsumer {
  const { clock, telemetry } = base;
  const { log, gatherMs } = needs;
  const task = createSessionTask({
    store: needs.state,
    sink: createSessionRowSink({ log, clock, producer: needs.producer }),
    decode: needs.decode,
    settings: projectSettings(base, needs),
    progress: needs.settlement,
    telemetry: telemetry.session,
    latenessMs: needs.latenessHours * HOUR_MS,
    cacheKeys: needs.cachedStates,
  });
  const handler = trackAssignments(runnerOf(base, { log, group: SESSION_GROUP, task }));
  const assignments = (): readonly PartitionRef[] => handler.assignments();
  return { group: SESSION_GROUP, topics: SESSION_TOPICS, handler, gatherMs, assignments };
}

/** Stored events behind the lateness bound → exact sessions → log, for the partitions of `sessions`. */
export async function startSettlement(
  base: Base,
  needs: SessionNeeds & { readonly store: SettlementStore; readonly sessions: Pick<SessionConsumer, 'assignments'> },
): Promise<{ stop(): Promise<void> }> {
  const { clock, random, telemetry } = base;
  const { log, sessions } = needs;
  const loop = createSettlementLoop({
    log,
    state: needs.state,
    store: needs.store,
    progress: needs.settlement,
    settings: projectSettings(base, needs),
    sink: createSessionRowSink({ log, clock, producer: needs.producer }),
    clock,
    random,
    telemetry: telemetry.settlement,
    assignments: () => sessions.assignments(),
    options: { latenessMs: needs.latenessHours * HOUR_MS },
  });
  await loop.start?.();
  return { stop: async () => loop.stop?.() };
}

function projectSettings({ clock, telemetry }: Base, { projects }: Pick<SessionNeeds, 'projects'>) {
  return createProjectSettings({ directory: projects, clock, telemetry: telemetry.session });
}
