import {
  createPartitionRunner,
  type ConsumeOptions,
  type EventLog,
  type GroupPartition,
  type PartitionHandler,
  type PartitionTask,
} from '@productgraph/kernel';
import type { HostedGroup, PartState } from '@productgraph/platform-runtime';
import { tracedTask } from '@productgraph/platform-telemetry';
import type { Base } from './base.ts';

/** A consumer group as it is declared: `joinGroup`, or the transport of a Nest microservice, sets it to work. */
export type Consumer = ConsumeOptions;

/** The health of a consumer group at work. */
export type GroupHealth = Omit<HostedGroup, 'assigned'>;

/** A group that is later than this works, but something is wrong or it catches up. */
const LATE_MS = 60_000;

interface Runner {
  readonly log: EventLog;
  readonly group: string;
  readonly task: (partition: GroupPartition) => PartitionTask;
}

/** The partition runner of a group, with its spans and facts. */
export function runnerOf({ clock, telemetry, tracing }: Base, { log, group, task }: Runner): PartitionHandler {
  return createPartitionRunner({
    group,
    log,
    clock,
    task: tracedTask(tracing.value, task),
    events: telemetry.runner,
  });
}

/** What `/ready` says of a group: a late one only makes answers late. */
export async function stateOfGroup(group: GroupHealth): Promise<PartState> {
  const lags = await group.lag().catch(() => null);
  const [fault] = group.faults();
  const figures = {
    records: lags?.reduce((sum, { records }) => sum + records, 0) ?? null,
    milliseconds: lags?.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0) ?? null,
  };
  if (fault !== undefined) {
    const { topic, partition } = fault.partition;
    return { state: 'behind', detail: `${topic}[${partition}] is being retried: ${fault.error}`, ...figures };
  }
  const late = figures.milliseconds === null || figures.milliseconds > LATE_MS;
  if (!late) return { state: 'ok', ...figures };
  return { state: 'behind', detail: `${figures.records ?? 'unknown'} records to do`, ...figures };
}
