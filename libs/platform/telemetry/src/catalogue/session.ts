import type { GroupPartition } from '@productgraph/kernel';
import type { Instruments } from '../instruments.ts';

/** Facts of the live fold of sessions. */
export interface SessionFacts {
  /** Rows are durable in topic `sessions`. */
  rowsEmitted(fact: { partition: GroupPartition; rows: number }): void;
  /** A project's settings could not be read; the ones known for `ageMs` go on. */
  settingsStale(fact: { projectId: string; ageMs: number; error: unknown }): void;
  /** Records came whose times of receipt may be settled already: the hours are settled again. */
  lateReceipts(fact: { partition: GroupPartition; projectId: string; receivedFrom: number; receivedTo: number }): void;
}

export function sessionFacts(instruments: Instruments): SessionFacts {
  const emitted = instruments.counter({
    name: 'productgraph_session_emitted_rows_total',
    help: 'Session versions emitted to the log.',
  });
  const stale = instruments.counter({
    name: 'productgraph_session_stale_settings_total',
    help: 'Times a project’s settings could not be read and older ones went on.',
  });
  const late = instruments.counter({
    name: 'productgraph_session_late_hours_total',
    help: 'Hours of receipt that are settled again because records for them came late.',
  });
  return {
    rowsEmitted: ({ rows }) => emitted.inc(rows),
    settingsStale({ projectId, ageMs, error }) {
      stale.inc();
      instruments.noteSometimes('warn', 'session.settings_stale', {
        message: 'Settings of a project cannot be read; the last known ones go on',
        fields: { projectId, ageMs, err: error },
      });
    },
    lateReceipts({ partition, projectId, receivedFrom, receivedTo }) {
      late.inc();
      instruments.note('info', 'session.late_receipts', {
        message: 'Events received long ago came into the log; their hour is settled again',
        fields: { partition: partition.partition, projectId, receivedFrom, receivedTo },
      });
    },
  };
}
