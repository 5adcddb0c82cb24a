import type { GroupPartition, Lag, RunnerEvents } from '@productgraph/kernel';
import type { Instruments } from '../instruments.ts';

/** Facts of the partition runner: {@link RunnerEvents} of the kernel, and what is read from subscriptions. */
export interface RunnerFacts extends Required<RunnerEvents> {
  /** How far groups are behind, read now and then. */
  lagRead(lags: readonly Lag[]): void;
  /** A partition is being retried. */
  partitionFaulted(fact: { group: string; topic: string; partition: number; error: string }): void;
}

const place = ({ group, topic, partition }: GroupPartition) => ({ group, topic, partition });

export function runnerFacts(instruments: Instruments): RunnerFacts {
  return { ...batchFacts(instruments), ...positionFacts(instruments), ...lagFacts(instruments) };
}

function batchFacts(instruments: Instruments): Pick<RunnerFacts, 'onBatch'> {
  const records = instruments.counter({
    name: 'productgraph_runner_records_total',
    help: 'Log records durably processed, by consumer group and topic.',
    labels: ['group', 'topic'],
  });
  const lines = instruments.counter({
    name: 'productgraph_runner_lines_total',
    help: 'Lines (events, sessions, quarantine entries) durably processed.',
    labels: ['group', 'topic'],
  });
  const duplicates = instruments.counter({
    name: 'productgraph_runner_duplicates_total',
    help: 'Events left out because the same id occurred within the dedupe window.',
    labels: ['group', 'topic'],
  });
  const seconds = instruments.seconds({
    name: 'productgraph_runner_batch_seconds',
    help: 'Time of one batch from fold to saved position.',
    labels: ['group', 'topic'],
  });
  return {
    onBatch(fact) {
      const labels = { group: fact.partition.group, topic: fact.partition.topic };
      records.inc(labels, fact.records);
      lines.inc(labels, fact.lines);
      duplicates.inc(labels, fact.duplicates);
      seconds.observe(labels, fact.milliseconds / 1000);
    },
  };
}

function positionFacts(
  instruments: Instruments,
): Pick<RunnerFacts, 'onOwnershipLost' | 'onLogTrimmed' | 'onWindowRebuilt'> {
  const lost = instruments.counter({
    name: 'productgraph_runner_ownership_losses_total',
    help: 'Times a partition was reopened because its position had been moved by someone else.',
    labels: ['group', 'topic'],
  });
  const trimmed = instruments.counter({
    name: 'productgraph_runner_skipped_records_total',
    help: 'Records that a group needed but the log no longer had. Anything above 0 is data loss.',
    labels: ['group', 'topic'],
  });
  return {
    onOwnershipLost(partition) {
      lost.inc({ group: partition.group, topic: partition.topic });
      instruments.note('warn', 'runner.ownership_lost', {
        message: 'A partition was moved by someone else; reopened at its stored position',
        fields: place(partition),
      });
    },
    onLogTrimmed({ partition, from, low }) {
      trimmed.inc({ group: partition.group, topic: partition.topic }, low - from);
      instruments.note('error', 'runner.log_trimmed', {
        message: 'The log no longer has records that a group needs (log_trimmed)',
        fields: { ...place(partition), from, low },
      });
    },
    onWindowRebuilt: ({ partition, events }) =>
      instruments.note('debug', 'runner.window_rebuilt', {
        message: 'Dedupe window rebuilt',
        fields: { ...place(partition), events },
      }),
  };
}

function lagFacts(instruments: Instruments): Pick<RunnerFacts, 'lagRead' | 'partitionFaulted'> {
  const labels = ['group', 'topic', 'partition'] as const;
  const records = instruments.gauge({
    name: 'productgraph_runner_lag_records',
    help: 'Log records not yet processed.',
    labels,
  });
  const seconds = instruments.gauge({
    name: 'productgraph_runner_lag_seconds',
    help: 'Age of the oldest log record not yet processed.',
    labels,
  });
  const faults = instruments.counter({
    name: 'productgraph_runner_faults_total',
    help: 'Times a partition was seen waiting for a retry.',
    labels: ['group', 'topic'],
  });
  return {
    lagRead(lags) {
      for (const lag of lags) {
        records.set(place(lag), lag.records);
        seconds.set(place(lag), lag.milliseconds / 1000);
      }
    },
    partitionFaulted({ group, topic, partition, error }) {
      faults.inc({ group, topic });
      instruments.noteSometimes('warn', `runner.partition_faulted.${group}`, {
        message: 'A partition waits for a retry',
        fields: { group, topic, partition, error },
      });
    },
  };
}
