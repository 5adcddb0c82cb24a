import {
  eventWriter,
  sessionProcessor,
  startSettlement,
  type Base,
  type SessionConsumer,
} from '@productgraph/assembly-process';
import { createEventDecoder, decodeEventLine } from '@productgraph/domain-event';
import type { EventLog } from '@productgraph/kernel';
import { joinGroup, type JoinedGroup } from '@productgraph/platform-runtime';
import type { StarterConfig } from './config.ts';
import type { Ports } from './ports.ts';

/** States of users kept parsed per partition, about 2 KB each; others are read back, all of a batch in one step. */
const CACHED_STATES = 2_000;

/** Names this process in log records. */
export const PRODUCER = 'starter';

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
export function runEventWriter(base: Base, { log, ports }: Needs): Promise<JoinedGroup> {
  return joinGroup(log, eventWriter(base, { log, store: ports.store, decode, gatherMs: GATHER_MS }));
}

/** The session-processor at work, whose partitions settlement shares. */
export interface SessionGroup extends JoinedGroup {
  readonly consumer: SessionConsumer;
}

/** Log → sessions → log. */
export async function runSessions(base: Base, needs: Needs & { config: StarterConfig }): Promise<SessionGroup> {
  const work = { decode, gatherMs: GATHER_MS, cachedStates: CACHED_STATES };
  const consumer = sessionProcessor(base, { ...sessionNeeds(needs), ...work });
  return { ...(await joinGroup(needs.log, consumer)), consumer };
}

/** Stored events behind the lateness bound → exact sessions → log. */
export function runSettlement(
  base: Base,
  needs: Needs & { config: StarterConfig; sessions: SessionGroup },
): Promise<{ stop(): Promise<void> }> {
  const { ports, sessions } = needs;
  return startSettlement(base, { ...sessionNeeds(needs), store: ports.store, sessions: sessions.consumer });
}

function sessionNeeds({ log, ports, config }: Needs & { config: StarterConfig }) {
  const { state, settlement, projects } = ports;
  return { log, state, settlement, projects, latenessHours: config.session.latenessHours, producer: PRODUCER };
}
