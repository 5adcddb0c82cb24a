import type { Instruments } from '../instruments.ts';

/** Facts of the event log. */
export interface LogFacts {
  /** Records became durable in one step. */
  appended(fact: { records: number; bytes: number; seconds: number }): void;
  appendFailed(fact: { error: unknown }): void;
  /** A read failed and will be tried again. */
  readFailed(fact: { topic: string; error: unknown }): void;
  /** Old records were dropped, behind the slowest group's window. */
  trimmed(fact: { topic: string; records: number }): void;
}

export function logFacts(instruments: Instruments): LogFacts {
  return { ...appendFacts(instruments), ...readFacts(instruments) };
}

function appendFacts(instruments: Instruments): Pick<LogFacts, 'appended' | 'appendFailed'> {
  const records = instruments.counter({
    name: 'productgraph_log_appended_records_total',
    help: 'Packed records appended to the event log.',
  });
  const bytes = instruments.counter({
    name: 'productgraph_log_appended_bytes_total',
    help: 'Compressed bytes appended to the event log.',
  });
  const seconds = instruments.seconds({
    name: 'productgraph_log_append_seconds',
    help: 'Time of one durable append.',
  });
  const failed = instruments.counter({
    name: 'productgraph_log_failed_appends_total',
    help: 'Appends to the event log that failed; their senders got 503.',
  });
  return {
    appended(fact) {
      records.inc(fact.records);
      bytes.inc(fact.bytes);
      seconds.observe(fact.seconds);
    },
    appendFailed({ error }) {
      failed.inc();
      instruments.noteSometimes('error', 'log.append_failed', {
        message: 'An append to the event log failed',
        fields: { err: error },
      });
    },
  };
}

function readFacts(instruments: Instruments): Pick<LogFacts, 'readFailed' | 'trimmed'> {
  const failed = instruments.counter({
    name: 'productgraph_log_failed_reads_total',
    help: 'Reads of the event log that failed and were tried again.',
  });
  const trimmed = instruments.counter({
    name: 'productgraph_log_trimmed_records_total',
    help: 'Records dropped from the event log because nobody needs them any more.',
    labels: ['topic'],
  });
  return {
    readFailed({ topic, error }) {
      failed.inc();
      instruments.noteSometimes('warn', 'log.read_failed', {
        message: 'The event log could not be read; trying again',
        fields: { topic, err: error },
      });
    },
    trimmed({ topic, records: count }) {
      trimmed.inc({ topic }, count);
      instruments.note('info', 'log.trimmed', {
        message: 'Old log records dropped',
        fields: { topic, records: count },
      });
    },
  };
}
