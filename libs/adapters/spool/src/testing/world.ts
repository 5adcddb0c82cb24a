import type { LogRecord } from '@productgraph/contracts';
import { LogUnavailable, type Append, type Clock, type LogIntake } from '@productgraph/kernel';
import type { SpoolFacts } from '@productgraph/platform-telemetry';
import type { SpoolSettings } from '../options.ts';

/** 0 inclusive to 1 exclusive, the same series for a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Sleeps a turn of the event loop for each 100 ms begun. */
function turnClock(): Clock {
  let now = Date.UTC(2026, 2, 4);
  return {
    now: () => now,
    async sleep(ms, signal) {
      for (let left = ms; left > 0; left -= 100) {
        await turn();
        signal?.throwIfAborted();
        now += 1;
      }
    },
  };
}

export function nameRecord(name: string): LogRecord {
  return {
    schema: 'events/1',
    count: 1,
    receivedAt: 1_700_000_000_000,
    ids: Buffer.alloc(8, name.length),
    counts: { project: { '28333333': 1 } },
    producer: 'spec',
    payload: Buffer.from(name),
  };
}

export type LogFault = 'none' | 'not stored' | 'stored' | 'late' | 'never';

/** A log of names that does as it is told. */
export interface ToldLog extends LogIntake {
  /** Names by partition, in order. */
  readonly names: Map<number, string[]>;
  /** Records of the largest append. */
  largest: number;
  /** Called for each append: what becomes of it. Default: it is stored. */
  fault: (appends: readonly Append[]) => LogFault;
  /** Called before and after records are stored; may never resolve, as when the process dies. */
  step: () => Promise<void>;
}

export function createToldLog(partitions = 3): ToldLog {
  const log: ToldLog = {
    names: new Map(),
    largest: 0,
    fault: () => 'none',
    step: turn,
    topic: async (topic) => ({ topic, generation: 1, partitions, dedupeWindow: 1_000 }),
    async append(appends) {
      const fault = log.fault(appends);
      await log.step();
      if (fault === 'not stored') throw new LogUnavailable('told to fail');
      if (fault === 'never') return new Promise(() => undefined);
      if (fault === 'late') for (let n = 0; n < 40; n++) await log.step();
      for (const { partition, records } of appends) {
        const names = log.names.get(partition) ?? [];
        log.names.set(partition, names);
        names.push(...records.map(({ payload }) => Buffer.from(payload).toString()));
      }
      log.largest = Math.max(log.largest, appends.flatMap(({ records }) => records).length);
      await log.step();
      if (fault === 'stored') throw new LogUnavailable('told to fail after it was stored');
      return null;
    },
  };
  return log;
}

/** Facts that remember what was told: `verb` and some of its fields. */
export function toldFacts(): { readonly facts: SpoolFacts; readonly told: string[] } {
  const told: string[] = [];
  const facts: SpoolFacts = {
    began: () => void told.push('began'),
    spooled: ({ records }) => void told.push(`spooled ${records}`),
    drained: ({ records }) => void told.push(`drained ${records}`),
    ended: () => void told.push('ended'),
    refused: ({ error }) => void told.push(`refused ${String(error)}`),
    failed: ({ work, error }) => void told.push(`failed ${work} ${String(error)}`),
    cut: ({ bytes }) => void told.push(`cut ${bytes}`),
    setAside: ({ file, reason, bytes }) => void told.push(`set aside ${reason} ${file} ${bytes}`),
    opened: () => undefined,
  };
  return { facts, told };
}

/** Small bounds, so that little makes several segments and batches. */
export function smallSettings(facts: SpoolFacts, changes: Partial<SpoolSettings> = {}): SpoolSettings {
  return {
    clock: turnClock(),
    random: () => 0.5,
    facts,
    maxBytes: 1_000_000,
    patienceMs: 2_000,
    segmentBytes: 2_000,
    batchBytes: 1_000,
    ...changes,
  };
}
