import type { Instruments } from '../instruments.ts';

/** Bytes that the log holds in memory. */
export interface LogMemory {
  /** Appends waiting or under way. */
  readonly pendingBytes: number;
  /** Newest records kept for consumers. */
  readonly tailBytes: number;
}

/** Facts of the event log. */
export interface LogFacts {
  /** Records became durable in one step. */
  appended(fact: { topic: string; records: number; bytes: number; seconds: number }): void;
  /** An append failed; whoever appended tells the sender. */
  appendFailed(): void;
  /** Work in the background failed (making segments, trimming, hints); it is tried again by itself. */
  backgroundFailed(fact: { work: string; error: unknown }): void;
  /** `read` is called at each scrape. */
  opened(read: () => LogMemory): void;
}

export function logFacts(instruments: Instruments): LogFacts {
  return { ...appendFacts(instruments), ...backgroundFacts(instruments) };
}

function appendFacts(instruments: Instruments): Pick<LogFacts, 'appended' | 'appendFailed'> {
  const records = instruments.counter({
    name: 'productgraph_log_appended_records_total',
    help: 'Packed records appended to the event log, by topic.',
    labels: ['topic'],
  });
  const bytes = instruments.counter({
    name: 'productgraph_log_appended_bytes_total',
    help: 'Compressed bytes appended to the event log, by topic.',
    labels: ['topic'],
  });
  const seconds = instruments.seconds({
    name: 'productgraph_log_append_seconds',
    help: 'Time until an append is durable.',
  });
  const failed = instruments.counter({
    name: 'productgraph_log_failed_appends_total',
    help: 'Appends to the event log that failed.',
  });
  return {
    appended(fact) {
      records.inc({ topic: fact.topic }, fact.records);
      bytes.inc({ topic: fact.topic }, fact.bytes);
      seconds.observe(fact.seconds);
    },
    appendFailed: () => failed.inc(),
  };
}

function backgroundFacts(instruments: Instruments): Pick<LogFacts, 'backgroundFailed' | 'opened'> {
  const failed = instruments.counter({
    name: 'productgraph_log_background_failures_total',
    help: 'Failures of the log’s background work (making segments, trimming, hints); it is tried again by itself.',
    labels: ['work'],
  });
  let read: () => LogMemory = () => ({ pendingBytes: 0, tailBytes: 0 });
  instruments.gauge({
    name: 'productgraph_log_memory_bytes',
    help: 'Bytes the log holds in memory: pending = appends not yet durable, tail = newest records kept for consumers.',
    labels: ['of'],
    collect(gauge) {
      const { pendingBytes, tailBytes } = read();
      gauge.set({ of: 'pending' }, pendingBytes);
      gauge.set({ of: 'tail' }, tailBytes);
    },
  });
  return {
    backgroundFailed({ work, error }) {
      failed.inc({ work });
      instruments.noteSometimes('warn', `log.background_failed.${work}`, {
        message: 'Background work of the event log failed; it is tried again',
        fields: { work, err: error },
      });
    },
    opened: (memory) => (read = memory),
  };
}
