import type { Instruments } from '../instruments.ts';

/** What the spool holds and the log does not have yet. */
export interface SpoolContents {
  readonly bytes: number;
  readonly records: number;
  /** Age of the oldest entry, or a little more, seconds; 0 = empty. */
  readonly oldestSeconds: number;
}

/** Facts of the spool behind ingestion. */
export interface SpoolFacts {
  /** The log does not take appends; from now on they go to the spool. */
  began(fact: { error: unknown }): void;
  /** Records are durable in the spool. */
  spooled(fact: { records: number; bytes: number }): void;
  /** Records of the spool are durable in the log. */
  drained(fact: { records: number; bytes: number }): void;
  /** The spool is empty: appends go straight to the log again. */
  ended(): void;
  /** An append was refused, for the spool is full or cannot be written. */
  refused(fact: { error: unknown }): void;
  /** Work in the background failed; it is tried again by itself. */
  failed(fact: { work: string; error: unknown }): void;
  /** A write that was cut short, and never acknowledged, was removed at the start. */
  cut(fact: { segment: string; bytes: number }): void;
  /** Bytes that cannot be drained are kept in a file of the folder: `damaged` on the disk, or `refused` by the log. */
  setAside(fact: { file: string; reason: 'damaged' | 'refused'; bytes: number }): void;
  /** `read` is called at each scrape. */
  opened(read: () => SpoolContents): void;
}

export function spoolFacts(instruments: Instruments): SpoolFacts {
  return { ...flowFacts(instruments), ...faultFacts(instruments), opened: contents(instruments) };
}

function flowFacts(instruments: Instruments): Pick<SpoolFacts, 'began' | 'spooled' | 'drained' | 'ended'> {
  const records = instruments.counter({
    name: 'productgraph_spool_records_total',
    help: 'Packed records that went through the spool: spooled = durable in it, drained = durable in the log.',
    labels: ['step'],
  });
  const bytes = instruments.counter({
    name: 'productgraph_spool_moved_bytes_total',
    help: 'Bytes that went through the spool, by step as for records.',
    labels: ['step'],
  });
  const move =
    (step: string) =>
    (fact: { records: number; bytes: number }): void => {
      records.inc({ step }, fact.records);
      bytes.inc({ step }, fact.bytes);
    };
  return {
    began: ({ error }) =>
      instruments.noteSometimes('warn', 'spool.began', {
        message: 'The event log does not take events; they are kept in the spool',
        fields: { err: error },
      }),
    spooled: move('spooled'),
    drained: move('drained'),
    ended: () => instruments.note('info', 'spool.ended', { message: 'The event log has everything that was spooled' }),
  };
}

function faultFacts(instruments: Instruments): Pick<SpoolFacts, 'refused' | 'failed' | 'cut' | 'setAside'> {
  const faults = instruments.counter({
    name: 'productgraph_spool_faults_total',
    help: 'Faults of the spool: refused = full or not writable, failed = background work, cut = write cut short, damaged and not_taken = set aside.',
    labels: ['fault'],
  });
  return {
    refused({ error }) {
      faults.inc({ fault: 'refused' });
      instruments.noteSometimes('error', 'spool.refused', {
        message: 'Neither the event log nor the spool takes events',
        fields: { err: error },
      });
    },
    failed({ work, error }) {
      faults.inc({ fault: 'failed' });
      instruments.noteSometimes('warn', `spool.failed.${work}`, {
        message: 'Background work of the spool failed; it is tried again',
        fields: { work, err: error },
      });
    },
    cut(fact) {
      faults.inc({ fault: 'cut' });
      instruments.note('warn', 'spool.cut', { message: 'A write cut short was removed', fields: { ...fact } });
    },
    setAside(fact) {
      faults.inc({ fault: fact.reason === 'refused' ? 'not_taken' : 'damaged' });
      instruments.note('error', 'spool.set_aside', {
        message: 'Part of the spool cannot be drained; its bytes are kept in a file beside it',
        fields: { ...fact },
      });
    },
  };
}

function contents(instruments: Instruments): SpoolFacts['opened'] {
  let read: () => SpoolContents = () => ({ bytes: 0, records: 0, oldestSeconds: 0 });
  instruments.gauge({
    name: 'productgraph_spool_bytes',
    help: 'Bytes in the spool that the event log does not have yet.',
    collect: (gauge) => gauge.set(read().bytes),
  });
  instruments.gauge({
    name: 'productgraph_spool_records',
    help: 'Packed records in the spool that the event log does not have yet.',
    collect: (gauge) => gauge.set(read().records),
  });
  instruments.gauge({
    name: 'productgraph_spool_oldest_seconds',
    help: 'Age of the oldest entry in the spool, or a little more; 0 = empty.',
    collect: (gauge) => gauge.set(read().oldestSeconds),
  });
  return (reader) => (read = reader);
}
