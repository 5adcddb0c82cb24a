import type { Instruments } from '../instruments.ts';

/** Facts of the process itself. */
export interface ProcessFacts {
  componentStarted(name: string): void;
  componentStopped(name: string): void;
  componentStopFailed(name: string, error: unknown): void;
  /** All components are up. */
  started(fact: { url: string; seconds: number }): void;
  /** A signal or a fault asks for the end. */
  stopping(fact: { reason: string }): void;
  /** Something that was not expected to throw threw. */
  unexpected(fact: { error: unknown; where: string }): void;
  /** A repeated job of this process failed; it runs again at its next time. */
  jobFailed(fact: { job: string; error: unknown }): void;
  jobDone(fact: { job: string; seconds: number }): void;
  /** Accepted events of the last days that are neither stored nor explained, read now and then. */
  ledgerRead(fact: { unaccounted: number }): void;
  /** A connection to a server broke; its driver connects again by itself. */
  connectionBroke(fact: { server: string; error: unknown }): void;
  /** The tables of a store were brought up to date. */
  storeMigrated(fact: { store: string; version: string; applied: readonly string[] }): void;
  /** Something to tell that is no fault, e.g. a misspelt setting. */
  warned(fact: { message: string }): void;
}

export function processFacts(instruments: Instruments): ProcessFacts {
  return { ...lifecycleFacts(instruments), ...jobFacts(instruments), ...connectionFacts(instruments) };
}

function lifecycleFacts(
  instruments: Instruments,
): Omit<ProcessFacts, 'jobFailed' | 'jobDone' | 'ledgerRead' | 'unexpected' | 'connectionBroke'> {
  return {
    componentStarted: (component) =>
      instruments.note('debug', 'process.component_started', { message: 'Started', fields: { component } }),
    componentStopped: (component) =>
      instruments.note('debug', 'process.component_stopped', { message: 'Stopped', fields: { component } }),
    componentStopFailed: (component, error) =>
      instruments.note('error', 'process.component_stop_failed', {
        message: 'A component failed to stop',
        fields: { component, err: error },
      }),
    started: (fact) => instruments.note('info', 'process.started', { message: 'Ready', fields: fact }),
    stopping: (fact) => instruments.note('info', 'process.stopping', { message: 'Stopping', fields: fact }),
    storeMigrated: ({ store, version, applied }) =>
      instruments.note(applied.length > 0 ? 'info' : 'debug', 'process.store_migrated', {
        message: `${store} was migrated`,
        fields: { version, applied: applied.length },
      }),
    warned: ({ message }) => instruments.note('warn', 'process.warned', { message }),
  };
}

function jobFacts(instruments: Instruments): Pick<ProcessFacts, 'jobFailed' | 'jobDone' | 'ledgerRead' | 'unexpected'> {
  const unexpected = instruments.counter({
    name: 'productgraph_process_unexpected_errors_total',
    help: 'Errors that nothing handled. Anything above 0 is a bug.',
  });
  const jobs = instruments.seconds({
    name: 'productgraph_job_seconds',
    help: 'Time of repeated jobs (upkeep, meters).',
    labels: ['job'],
  });
  const failures = instruments.counter({
    name: 'productgraph_job_failures_total',
    help: 'Runs of repeated jobs that failed; they run again at their next time.',
    labels: ['job'],
  });
  const unaccounted = instruments.gauge({
    name: 'productgraph_ledger_unaccounted_events',
    help: 'Accepted events that are neither stored nor explained. Positive for a moment while the writer is behind.',
  });
  return {
    unexpected({ error, where }) {
      unexpected.inc();
      instruments.note('error', 'process.unexpected_error', {
        message: 'An error that nothing handled',
        fields: { where, err: error },
      });
    },
    jobFailed({ job, error }) {
      failures.inc({ job });
      instruments.noteSometimes('warn', `process.job_failed.${job}`, {
        message: 'A repeated job failed; it runs again at its next time',
        fields: { job, err: error },
      });
    },
    jobDone: ({ job, seconds }) => jobs.observe({ job }, seconds),
    ledgerRead: ({ unaccounted: events }) => unaccounted.set(events),
  };
}

function connectionFacts(instruments: Instruments): Pick<ProcessFacts, 'connectionBroke'> {
  const broken = instruments.counter({
    name: 'productgraph_connection_faults_total',
    help: 'Faults of connections to servers; drivers connect again by themselves.',
    labels: ['server'],
  });
  return {
    connectionBroke({ server, error }) {
      broken.inc({ server });
      instruments.noteSometimes('warn', `connection.broke.${server}`, {
        message: 'A connection broke; it is made again',
        fields: { server, err: error },
      });
    },
  };
}
