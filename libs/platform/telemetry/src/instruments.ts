import { type Attributes, trace } from '@opentelemetry/api';
import { Counter, type CounterConfiguration, Gauge, Histogram, type Registry } from 'prom-client';
import type { LogFields, Logger, LogLevel } from './logger.ts';

/** What the catalogue says about a metric. */
export interface MetricDoc {
  /** `productgraph_<subject>_<verb or unit>`; counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly kind: 'counter' | 'gauge' | 'histogram';
}

type MetricSpec<L extends string> = Pick<MetricDoc, 'name' | 'help'> & { readonly labels?: readonly L[] };

/** `collect` is called at each scrape, for values that are read and not counted. */
type GaugeSpec<L extends string> = MetricSpec<L> & { readonly collect?: (gauge: Gauge<L>) => void };

/** Upper bounds in seconds, from a fast append to a slow query. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** One series of a counter on a hot path: adding is a plain sum, which Prometheus' counter takes over at each scrape. */
export interface Tally {
  /** @param n 0 or more */
  add(n: number): void;
}

/** What facts are made of: metrics that document themselves, and notes that are a log line and a span event in one. */
export interface Instruments {
  counter<L extends string = never>(spec: MetricSpec<L>): Counter<L>;
  /** A counter whose series are made ahead, once each. */
  tally<L extends string>(spec: MetricSpec<L>): (labels: Readonly<Record<L, string | number>>) => Tally;
  gauge<L extends string = never>(spec: GaugeSpec<L>): Gauge<L>;
  seconds<L extends string = never>(spec: MetricSpec<L>): Histogram<L>;
  /** Writes a log line and adds an event to the current span. `name` is `<subject>.<verb>`. */
  note(level: LogLevel, name: string, fact: { readonly message: string; readonly fields?: LogFields }): void;
  /** A note at most every 10 s per name; the next one tells how many were left out. For faults that come with every request. */
  noteSometimes(level: LogLevel, name: string, fact: { readonly message: string; readonly fields?: LogFields }): void;
  /** Every metric made so far, in order. */
  docs(): readonly MetricDoc[];
}

export interface InstrumentsOptions {
  readonly registry: Registry;
  readonly logger: Logger;
  /** Unix milliseconds. */
  readonly now: () => number;
}

const QUIET_MS = 10_000;

export function createInstruments({ registry, logger, now }: InstrumentsOptions): Instruments {
  const docs: MetricDoc[] = [];
  const quiet = new Map<string, { until: number; left: number }>();
  const described = <L extends string>(kind: MetricDoc['kind'], spec: MetricSpec<L>) => {
    const { name, help, labels = [] } = spec;
    docs.push({ name, help, labels, kind });
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  const note: Instruments['note'] = (level, name, { message, fields = {} }) => {
    logger[level]({ fact: name, ...fields }, message);
    trace.getActiveSpan()?.addEvent(name, attributes(fields));
  };
  return {
    counter: (spec) => new Counter(described('counter', spec)),
    tally: (spec) => tallyOf(described('counter', spec)),
    gauge<L extends string = never>(spec: GaugeSpec<L>): Gauge<L> {
      const { collect } = spec;
      const gauge: Gauge<L> = new Gauge<L>({
        ...described('gauge', spec),
        ...(collect && { collect: () => collect(gauge) }),
      });
      return gauge;
    },
    seconds: (spec) => new Histogram({ ...described('histogram', spec), buckets: SECONDS }),
    note,
    noteSometimes(level, name, { message, fields = {} }) {
      const known = quiet.get(name);
      if (known !== undefined && now() < known.until) {
        known.left++;
        return;
      }
      quiet.set(name, { until: now() + QUIET_MS, left: 0 });
      const left = known?.left ?? 0;
      note(level, name, { message, fields: left === 0 ? fields : { ...fields, leftOut: left } });
    },
    docs: () => docs,
  };
}

/** Sums of series made ahead, added to the counter at each scrape. */
function tallyOf<L extends string>(
  configuration: CounterConfiguration<L>,
): (labels: Readonly<Record<L, string | number>>) => Tally {
  const series: { readonly labels: Readonly<Record<L, string | number>>; sum: number }[] = [];
  const counter = new Counter<L>({
    ...configuration,
    collect() {
      for (const one of series) {
        counter.inc({ ...one.labels }, one.sum);
        one.sum = 0;
      }
    },
  });
  return (labels) => {
    const own = { labels, sum: 0 };
    series.push(own);
    return { add: (n) => void (own.sum += n) };
  };
}

/** The fields that a span can carry: plain values. */
function attributes(fields: LogFields): Attributes {
  const plain: Attributes = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') plain[name] = value;
  }
  return plain;
}
