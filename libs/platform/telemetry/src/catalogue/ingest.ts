import type { Instruments, Tally } from '../instruments.ts';

/** Facts of the HTTP edge that takes events. */
export interface IngestFacts {
  /** An ingest request was answered. */
  requestAnswered(fact: { status: number; seconds: number; bytes: number }): void;
  /** A whole request was refused; `code` is of the closed list of error codes. */
  requestRefused(fact: { code: string }): void;
  /** Verdicts on the events of one request. */
  eventsJudged(fact: { accepted: number; rejected: number; duplicate: number }): void;
  /** Events refused one by one. */
  eventsRejected(fact: { code: string; events: number }): void;
  /** Accepted events became durable in the log. */
  eventsAppended(fact: { events: number; records: number; seconds: number }): void;
  /** The log did not take events; their senders got 503. */
  appendFailed(fact: { events: number; error: unknown }): void;
  /** A key was looked up. */
  keyResolved(fact: { from: 'cache' | 'store'; found: boolean }): void;
  /** The rates that processes share could not be asked; this process's own hold meanwhile. */
  ratesLost(fact: { error: unknown }): void;
  /** A handler threw: a bug. */
  requestFailed(fact: { requestId: string; error: unknown }): void;
}

export function ingestFacts(instruments: Instruments): IngestFacts {
  return {
    ...requestFacts(instruments),
    ...eventFacts(instruments),
    ...keyFacts(instruments),
    ...rateFacts(instruments),
  };
}

function requestFacts(
  instruments: Instruments,
): Pick<IngestFacts, 'requestAnswered' | 'requestRefused' | 'requestFailed'> {
  const requests = instruments.tally({
    name: 'productgraph_ingest_requests_total',
    help: 'Ingest requests answered, by HTTP status.',
    labels: ['status'],
  });
  const known = new Map<number, Tally>();
  const ofStatus = (status: number): Tally => {
    const tally = known.get(status) ?? requests({ status });
    known.set(status, tally);
    return tally;
  };
  const seconds = instruments.seconds({
    name: 'productgraph_ingest_request_seconds',
    help: 'Time from the first byte of an ingest request to its answer.',
  });
  const bytes = instruments.counter({
    name: 'productgraph_ingest_request_bytes_total',
    help: 'Bytes of ingest bodies as sent (before decompression).',
  });
  const refused = instruments.counter({
    name: 'productgraph_ingest_refused_requests_total',
    help: 'Ingest requests refused as a whole, by error code.',
    labels: ['code'],
  });
  return {
    requestAnswered(fact) {
      ofStatus(fact.status).add(1);
      seconds.observe(fact.seconds);
      bytes.inc(fact.bytes);
    },
    requestRefused: ({ code }) => refused.inc({ code }),
    requestFailed({ requestId, error }) {
      refused.inc({ code: 'internal_error' });
      instruments.note('error', 'ingest.request_failed', {
        message: 'An ingest request failed unexpectedly',
        fields: { requestId, err: error },
      });
    },
  };
}

function eventFacts(
  instruments: Instruments,
): Pick<IngestFacts, 'eventsJudged' | 'eventsRejected' | 'eventsAppended' | 'appendFailed'> {
  const events = instruments.tally({
    name: 'productgraph_ingest_events_total',
    help: 'Events received, by verdict.',
    labels: ['verdict'],
  });
  const [acceptedEvents, refusedEvents, repeatedEvents] = ['accepted', 'rejected', 'duplicate'].map((verdict) =>
    events({ verdict }),
  ) as [Tally, Tally, Tally];
  const rejected = instruments.counter({
    name: 'productgraph_ingest_rejected_events_total',
    help: 'Events refused one by one and kept in quarantine, by error code.',
    labels: ['code'],
  });
  const seconds = instruments.seconds({
    name: 'productgraph_ingest_append_seconds',
    help: 'Time until accepted events are durable in the log, waiting for the batch included.',
  });
  const failed = instruments.counter({
    name: 'productgraph_ingest_unavailable_events_total',
    help: 'Events that the log did not take; their senders got 503.',
  });
  return {
    eventsJudged({ accepted, rejected: refused, duplicate }) {
      acceptedEvents.add(accepted);
      refusedEvents.add(refused);
      repeatedEvents.add(duplicate);
    },
    eventsRejected: ({ code, events: count }) => rejected.inc({ code }, count),
    eventsAppended: (fact) => seconds.observe(fact.seconds),
    appendFailed({ events: count, error }) {
      failed.inc(count);
      instruments.noteSometimes('error', 'ingest.append_failed', {
        message: 'The event log does not take events: senders get 503',
        fields: { events: count, err: error },
      });
    },
  };
}

function keyFacts(instruments: Instruments): Pick<IngestFacts, 'keyResolved'> {
  const keys = instruments.tally({
    name: 'productgraph_ingest_key_lookups_total',
    help: 'Look-ups of API keys, by where the answer came from and whether the key exists.',
    labels: ['from', 'found'],
  });
  const of = (from: 'cache' | 'store') => ({
    found: keys({ from, found: 'true' }),
    missing: keys({ from, found: 'false' }),
  });
  const series = { cache: of('cache'), store: of('store') };
  return { keyResolved: ({ from, found }) => series[from][found ? 'found' : 'missing'].add(1) };
}

function rateFacts(instruments: Instruments): Pick<IngestFacts, 'ratesLost'> {
  const lost = instruments.counter({
    name: 'productgraph_ingest_rates_lost_total',
    help: 'Requests whose project’s shared rate could not be asked; the rate held per process for them.',
  });
  return {
    ratesLost({ error }) {
      lost.inc();
      instruments.noteSometimes('warn', 'ingest.rates_lost', {
        message: 'Shared rates cannot be asked: each process has its own meanwhile',
        fields: { err: error },
      });
    },
  };
}
