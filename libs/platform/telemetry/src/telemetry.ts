import { collectDefaultMetrics, Registry } from 'prom-client';
import { graphqlFacts, type GraphqlFacts } from './catalogue/graphql.ts';
import { ingestFacts, type IngestFacts } from './catalogue/ingest.ts';
import { logFacts, type LogFacts } from './catalogue/log.ts';
import { postgresFacts, type PostgresFacts } from './catalogue/postgres.ts';
import { processFacts, type ProcessFacts } from './catalogue/process.ts';
import { runnerFacts, type RunnerFacts } from './catalogue/runner.ts';
import { sessionFacts, type SessionFacts } from './catalogue/session.ts';
import { settlementFacts, type SettlementFacts } from './catalogue/settlement.ts';
import { spoolFacts, type SpoolFacts } from './catalogue/spool.ts';
import { writerFacts, type WriterFacts } from './catalogue/writer.ts';
import { createInstruments, type MetricDoc } from './instruments.ts';
import type { Logger } from './logger.ts';

/** The catalogue of facts: one function per fact gives its metric, log line and span event together. */
export interface Facts {
  readonly ingest: IngestFacts;
  readonly log: LogFacts;
  readonly spool: SpoolFacts;
  readonly runner: RunnerFacts;
  readonly writer: WriterFacts;
  readonly session: SessionFacts;
  readonly settlement: SettlementFacts;
  readonly graphql: GraphqlFacts;
  readonly postgres: PostgresFacts;
  readonly process: ProcessFacts;
}

/** What a process tells about itself. */
export interface Telemetry extends Facts {
  readonly logger: Logger;
  /** The Prometheus exposition of all metrics, those of Node and of the process included. */
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Our own metrics, in the order of the catalogue. */
  readonly docs: readonly MetricDoc[];
}

export interface TelemetryOptions {
  readonly logger: Logger;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Also metrics of Node and of the process. Default true. */
  readonly runtimeMetrics?: boolean;
}

export function createTelemetry({ logger, now, runtimeMetrics = true }: TelemetryOptions): Telemetry {
  const registry = new Registry();
  const instruments = createInstruments({ registry, logger, now });
  if (runtimeMetrics) collectDefaultMetrics({ register: registry });
  return {
    logger,
    ingest: ingestFacts(instruments),
    log: logFacts(instruments),
    spool: spoolFacts(instruments),
    runner: runnerFacts(instruments),
    writer: writerFacts(instruments),
    session: sessionFacts(instruments),
    settlement: settlementFacts(instruments),
    graphql: graphqlFacts(instruments),
    postgres: postgresFacts(instruments),
    process: processFacts(instruments),
    docs: instruments.docs(),
    metrics: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

/** The catalogue as a Markdown table, for `docs/metrics.md`. */
export function metricsTable(docs: readonly MetricDoc[]): string {
  const rows = docs.map(({ name, kind, labels, help }) => {
    const names = labels.length === 0 ? '' : labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${kind} | ${names} | ${help} |`;
  });
  return ['| metric | kind | labels | what it says |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
