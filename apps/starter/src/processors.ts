import { createEventDecoder, decodeEventLine } from '@productgraph/domain-event';
import {
  createPartitionRunner,
  type ConsumeOptions,
  type EventLog,
  type GroupPartition,
  type PartitionHandler,
  type PartitionTask,
} from '@productgraph/kernel';
import { tracedTask } from '@productgraph/platform-telemetry';
import { createEventWriterTask, EVENT_WRITER_GROUP, EVENT_WRITER_TOPICS } from '@productgraph/processor-event-writer';
import {
  createProjectSettings,
  createSessionRowSink,
  createSessionTask,
  createSettlementLoop,
  SESSION_GROUP,
  SESSION_TOPICS,
  trackAssignments,
} from '@productgraph/processor-session';
import type { StarterConfig } from './config.ts';
import type { Base, Group, Ports, SessionGroup } from './ports.ts';

/** States of users kept parsed per partition, about 2 KB each; others are read back, all of a batch in one step. */
const CACHED_STATES = 2_000;

/** Names this process in log records. */
export const PRODUCER = 'starter';

const HOUR_MS = 3_600_000;
/**
 * Under load events and sessions are at most so much older than need be. Larger batches write each state once for many events: a third
 * less work in all at 20,000 events/s.
 */
const GATHER_MS = 1_000;

/** So much is kept decoded (some 11,000 events, under load), so that both groups decode a record once. */
const DECODED_BYTES = 24 * 1024 * 1024;
const decode = createEventDecoder({ decodeLine: decodeEventLine, cachedBytes: DECODED_BYTES });

interface Needs {
  readonly log: EventLog;
  readonly ports: Ports;
}

/** Log → events, sessions, quarantine, ledger: one transaction a block. */
export async function runEventWriter(base: Base, { log, ports }: Needs): Promise<Group> {
  const { clock, telemetry } = base;
  const task = createEventWriterTask({ store: ports.store, decode, clock, telemetry: telemetry.writer });
  const handler = runner(base, { log, group: EVENT_WRITER_GROUP, task });
  return consume(log, { group: EVENT_WRITER_GROUP, topics: EVENT_WRITER_TOPICS, handler });
}

/** Log → sessions → log. */
export async function runSessions(
  base: Base,
  { log, ports, config }: Needs & { config: StarterConfig },
): Promise<SessionGroup> {
  const { telemetry } = base;
  const task = createSessionTask({
    store: ports.state,
    sink: createSessionRowSink({ log, clock: base.clock, producer: PRODUCER }),
    decode,
    settings: projectSettings(base, ports),
    progress: ports.settlement,
    telemetry: telemetry.session,
    latenessMs: config.session.latenessHours * HOUR_MS,
    cacheKeys: CACHED_STATES,
  });
  const handler = trackAssignments(runner(base, { log, group: SESSION_GROUP, task }));
  const group = await consume(log, { group: SESSION_GROUP, topics: SESSION_TOPICS, handler });
  return { ...group, assignments: () => handler.assignments() };
}

/** Stored events behind the lateness bound → exact sessions → log. */
export async function runSettlement(
  base: Base,
  { log, ports, config, sessions }: Needs & { config: StarterConfig; sessions: SessionGroup },
): Promise<{ stop(): Promise<void> }> {
  const { clock, random, telemetry } = base;
  const loop = createSettlementLoop({
    log,
    state: ports.state,
    store: ports.store,
    progress: ports.settlement,
    settings: projectSettings(base, ports),
    sink: createSessionRowSink({ log, clock, producer: PRODUCER }),
    clock,
    random,
    telemetry: telemetry.settlement,
    assignments: () => sessions.assignments(),
    options: { latenessMs: config.session.latenessHours * HOUR_MS },
  });
  await loop.start?.();
  return { stop: async () => loop.stop?.() };
}

function projectSettings({ clock, telemetry }: Base, { projects: directory }: Ports) {
  return createProjectSettings({ directory, clock, telemetry: telemetry.session });
}

interface Runner {
  readonly log: EventLog;
  readonly group: string;
  readonly task: (partition: GroupPartition) => PartitionTask;
}

function runner({ clock, telemetry, tracing }: Base, { log, group, task }: Runner): PartitionHandler {
  return createPartitionRunner({
    group,
    log,
    clock,
    task: tracedTask(tracing.value, task),
    events: telemetry.runner,
  });
}

async function consume(log: EventLog, options: ConsumeOptions): Promise<Group> {
  const subscription = await log.consume({ ...options, gatherMs: GATHER_MS });
  return {
    name: options.group,
    lag: () => subscription.lag(),
    faults: () => subscription.faults(),
    stop: () => subscription.stop(),
  };
}
