export type { GraphqlFacts } from './catalogue/graphql.ts';
export type { IngestFacts } from './catalogue/ingest.ts';
export type { LogFacts, LogMemory } from './catalogue/log.ts';
export type { PoolState, PostgresFacts } from './catalogue/postgres.ts';
export type { ProcessFacts } from './catalogue/process.ts';
export type { RunnerFacts } from './catalogue/runner.ts';
export type { SessionFacts } from './catalogue/session.ts';
export type { SettlementFacts } from './catalogue/settlement.ts';
export type { SpoolContents, SpoolFacts } from './catalogue/spool.ts';
export type { WriterFacts } from './catalogue/writer.ts';
export type { MetricDoc } from './instruments.ts';
export {
  createLogger,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  type LogStream,
} from './logger.ts';
export { meteredLog } from './metered-log.ts';
export { startTracing, type TracingOptions } from './sdk.ts';
export { createTelemetry, metricsTable, type Facts, type Telemetry, type TelemetryOptions } from './telemetry.ts';
export { tracedTask } from './traced-task.ts';
export { noTracing, type BatchTrace, type RequestSpan, type Tracing } from './tracing.ts';
