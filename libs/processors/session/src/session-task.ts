import type { EventDecoder } from '@productgraph/domain-event';
import { liveLimits, type SettlementProgress } from '@productgraph/domain-session';
import {
  createKeyedFoldTask,
  type GroupPartition,
  type PartitionTask,
  type StateStore,
  type TaskBatch,
} from '@productgraph/kernel';
import type { ProjectSettings } from './project-settings.ts';
import { createSessionFold } from './session-fold.ts';
import type { SessionRowSink } from './session-rows.ts';
import type { SessionTelemetry } from './telemetry.ts';

/** Group name of the session-processor. */
export const SESSION_GROUP = 'session-processor';

/** Topics that the session-processor reads. */
export const SESSION_TOPICS = ['events'] as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Default lateness bound: a session settles this long after its end and last receipt, runner time. */
export const DEFAULT_LATENESS_MS = 24 * HOUR;

export interface SessionTaskDeps {
  readonly store: StateStore;
  readonly sink: SessionRowSink;
  readonly decode: EventDecoder;
  readonly settings: ProjectSettings;
  readonly progress: Pick<SettlementProgress, 'settledThrough' | 'request'>;
  readonly telemetry: SessionTelemetry;
  /** Milliseconds; at least an hour outside of tests. Default 24 h. */
  readonly latenessMs?: number;
  /** Parsed states kept in memory per partition. */
  readonly cacheKeys?: number;
}

/**
 * Live sessions: load touched states → fold → append rows to topic `sessions` (durable) → save states and position in one step.
 * When state was lost the runner reads the log again; what opens before the settled mark is folded but not emitted then.
 */
export function createSessionTask(deps: SessionTaskDeps): (partition: GroupPartition) => PartitionTask {
  const latenessMs = deps.latenessMs ?? DEFAULT_LATENESS_MS;
  return (partition) => {
    let quietBefore = Number.NEGATIVE_INFINITY;
    const { decode, settings, store, sink, telemetry } = deps;
    const fold = createSessionFold({
      decode,
      settings,
      limits: liveLimits(latenessMs),
      quietBefore: () => quietBefore,
    });
    const task = createKeyedFoldTask({
      fold,
      store,
      emit: async (rows) => {
        await sink(rows, partition.partition);
        telemetry.rowsEmitted({ partition, rows: rows.length });
      },
      ...(deps.cacheKeys !== undefined && { cacheKeys: deps.cacheKeys }),
    })(partition);
    let time = 0;
    return {
      async open() {
        quietBefore = (await deps.progress.settledThrough(partition.partition)) ?? Number.NEGATIVE_INFINITY;
        const position = await task.open();
        time = position.time;
        return position;
      },
      async batch(batch) {
        // Before the position moves on: a repeat asks again, which costs one more look.
        for (const late of lateHours(batch, time, latenessMs)) {
          await deps.progress.request(late.projectId, late.receivedFrom, late.receivedTo);
          telemetry.lateReceipts({ partition, ...late });
        }
        time = batch.position.time;
        return task.batch(batch);
      },
      tick: (now) => task.tick(now),
    };
  };
}

interface ReceivedHour {
  readonly projectId: string;
  readonly receivedFrom: number;
  readonly receivedTo: number;
}

/**
 * A producer that was cut off (spool, decisions.md 33) may append what it received long before: in hours that are settled
 * already, or will be before the next look. They have to be settled again.
 * @param time runner time before the batch
 */
function lateHours(batch: TaskBatch, time: number, latenessMs: number): ReceivedHour[] {
  const hours = new Map<string, ReceivedHour>();
  let latest = time;
  for (const { counts, receivedAt } of batch.records) {
    latest = Math.max(latest, receivedAt);
    const bound = latest - latenessMs + HOUR;
    for (const [projectId, minutes] of Object.entries(counts)) {
      for (const minute of Object.keys(minutes)) {
        if (Number(minute) * MINUTE >= bound) continue;
        const receivedFrom = Math.floor((Number(minute) * MINUTE) / HOUR) * HOUR;
        hours.set(`${projectId} ${receivedFrom}`, { projectId, receivedFrom, receivedTo: receivedFrom + HOUR });
      }
    }
  }
  return [...hours.values()];
}
